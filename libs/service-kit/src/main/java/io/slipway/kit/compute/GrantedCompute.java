package io.slipway.kit.compute;

import com.google.protobuf.util.Durations;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.StatusRuntimeException;
import io.slipway.deployment.v1.AcquireGrantRequest;
import io.slipway.deployment.v1.ComputeServiceGrpc.ComputeServiceBlockingStub;
import io.slipway.deployment.v1.GetGrantRequest;
import io.slipway.deployment.v1.Grant;
import io.slipway.deployment.v1.ReleaseGrantRequest;
import io.slipway.deployment.v1.RenewGrantRequest;
import io.slipway.deployment.v1.Replica;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.GrpcErrors;
import io.slipway.kit.errors.SlipwayException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compute that is granted for as long as this is open. The grant is renewed in the background;
 * should this process die, it ends by itself. Safe for use by several threads.
 *
 * <p>All calls are made in the gRPC context in which the compute was acquired, and so for its
 * caller, even once that context has been cancelled.
 */
public final class GrantedCompute implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(GrantedCompute.class);
  private static final Duration LOOK = Duration.ofMillis(250);

  private final ComputeServiceBlockingStub compute;
  private final GrantSettings settings;
  private final Context context = Context.current().fork();
  private final Thread renewal;
  private Grant grant;
  private Deadline patience;
  private Deadline lease;
  private @Nullable SlipwayException unanswered;

  private GrantedCompute(
      ComputeServiceBlockingStub compute, GrantSettings settings, Grant grant, Deadline lease) {
    this.compute = compute;
    this.settings = settings;
    this.grant = grant;
    this.patience = after(settings.patience());
    this.lease = lease;
    this.renewal =
        Thread.ofVirtual().name("renew-" + grant.getName()).unstarted(this::renewUntilClosed);
  }

  /**
   * Asks for compute, which need not be ready yet. Compute of an older attempt of the same holder
   * ends by this.
   *
   * @param purpose all but the time to live
   * @throws SlipwayException what {@code deployment} refused with
   */
  public static GrantedCompute acquire(
      ComputeServiceBlockingStub compute,
      GrantSettings settings,
      AcquireGrantRequest.Builder purpose) {
    AcquireGrantRequest request =
        purpose.setTimeToLive(Durations.fromMillis(settings.timeToLive().toMillis())).build();
    Deadline lease = after(settings.timeToLive());
    try {
      Grant grant = compute.withDeadline(after(settings.callTimeout())).acquireGrant(request);
      GrantedCompute granted = new GrantedCompute(compute, settings, grant, lease);
      granted.renewal.start();
      return granted;
    } catch (StatusRuntimeException refused) {
      throw GrpcErrors.fromException(refused);
    }
  }

  /**
   * Waits until the compute is there: a trainer has the run, or a worker answers for the model.
   *
   * @param eachLook called between looks; what it throws ends the wait
   * @throws SlipwayException as {@link #check}
   */
  public void awaitReady(Runnable eachLook) throws InterruptedException {
    while (true) {
      eachLook.run();
      check();
      if (isReady(grant())) {
        return;
      }
      Thread.sleep(LOOK);
      refresh();
    }
  }

  /**
   * Judges by what is known now, without a call.
   *
   * @throws SlipwayException the reason for which the grant has failed; NO_COMPUTE when nothing has
   *     been ready for longer than the patience; WORKER_LOST when the grant has ended, or could not
   *     be renewed in its time to live
   */
  public synchronized void check() {
    switch (grant.getState()) {
      case STATE_PENDING, STATE_READY -> requireKept();
      case STATE_FAILED ->
          throw new SlipwayException(
              GrpcErrors.codeOf(grant.getError()), grant.getError().getMessage());
      case STATE_ENDED ->
          throw new SlipwayException(
              ErrorCode.WORKER_LOST,
              "The compute that was granted for " + subject() + " was taken away.");
      case STATE_UNSPECIFIED, UNRECOGNIZED ->
          throw new SlipwayException(
              ErrorCode.INTERNAL,
              "%s is in the unknown state %s; expected one that lives or has ended."
                  .formatted(grant.getName(), grant.getState()));
    }
  }

  private void requireKept() {
    if (unanswered != null && lease.isExpired()) {
      throw new SlipwayException(
          ErrorCode.WORKER_LOST,
          "The compute that was granted for %s could not be renewed for %s: %s"
              .formatted(subject(), settings.timeToLive(), unanswered.reason()),
          unanswered);
    }
    if (!isReady(grant) && patience.isExpired()) {
      throw new SlipwayException(
          ErrorCode.NO_COMPUTE,
          (grant.hasTrainer()
                  ? "No trainer was free for %s within %s."
                  : "No worker had loaded %s after %s.")
              .formatted(subject(), settings.patience()));
    }
  }

  /** What is known of the grant now. */
  public synchronized Grant grant() {
    return grant;
  }

  /**
   * The workers that answer for the model now; none while it is being loaded again.
   *
   * @throws SlipwayException as {@link #check}
   */
  public synchronized List<Replica> replicas() {
    check();
    return grant.getReplicasList();
  }

  /** Asks anew. What is known stays as it is when {@code deployment} does not answer. */
  public void refresh() {
    GetGrantRequest request = GetGrantRequest.newBuilder().setName(grant().getName()).build();
    context.run(() -> ask(settings.callTimeout(), stub -> stub.getGrant(request)));
  }

  private void renewUntilClosed() {
    RenewGrantRequest request =
        RenewGrantRequest.newBuilder()
            .setName(grant().getName())
            .setTimeToLive(Durations.fromMillis(settings.timeToLive().toMillis()))
            .build();
    try {
      while (true) {
        Thread.sleep(isAnswered() ? settings.renewal() : settings.retry());
        context.run(() -> renew(request));
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private void renew(RenewGrantRequest request) {
    Deadline renewed = after(settings.timeToLive());
    Duration timeout =
        settings.callTimeout().compareTo(settings.renewal()) < 0
            ? settings.callTimeout()
            : settings.renewal();
    if (ask(timeout, stub -> stub.renewGrant(request))) {
      synchronized (this) {
        lease = renewed;
      }
    }
  }

  /** Returns whether there was an answer. */
  private boolean ask(Duration timeout, Function<ComputeServiceBlockingStub, Grant> question) {
    try {
      saw(question.apply(compute.withDeadline(after(timeout))));
      return true;
    } catch (StatusRuntimeException e) {
      SlipwayException failure = GrpcErrors.fromException(e);
      if (failure.code() == ErrorCode.NOT_FOUND) {
        saw(grant().toBuilder().setState(Grant.State.STATE_ENDED).build());
      } else if (!Thread.currentThread().isInterrupted()) {
        log.warn("{} cannot be asked about now: {}", grant().getName(), failure.reason());
        missed(failure);
      }
      return false;
    }
  }

  private synchronized void saw(Grant seen) {
    unanswered = null;
    // An answer that comes late must not bring back what has come to an end.
    if (grant.getState() == Grant.State.STATE_FAILED
        || grant.getState() == Grant.State.STATE_ENDED) {
      return;
    }
    if (isReady(grant) && !isReady(seen)) {
      patience = after(settings.patience());
    }
    grant = seen;
  }

  private synchronized void missed(SlipwayException failure) {
    unanswered = failure;
  }

  private synchronized boolean isAnswered() {
    return unanswered == null;
  }

  private static boolean isReady(Grant grant) {
    return grant.getState() == Grant.State.STATE_READY
        && (grant.hasTrainer() || grant.getReplicasCount() > 0);
  }

  private String subject() {
    return grant.hasModel() ? grant.getModel().getModel() : grant.getHolder();
  }

  private static Deadline after(Duration time) {
    return Deadline.after(time.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Gives the compute back; when that fails, it goes back by itself after its time to live. */
  @Override
  public void close() {
    renewal.interrupt();
    // A cancelled run is interrupted, and a blocking call would refuse to begin.
    boolean interrupted = Thread.interrupted();
    try {
      context.run(this::release);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void release() {
    String name = grant().getName();
    try {
      var _ =
          compute
              .withDeadline(after(settings.callTimeout()))
              .releaseGrant(ReleaseGrantRequest.newBuilder().setName(name).build());
    } catch (StatusRuntimeException e) {
      log.warn("{} is not released but runs out: {}", name, e.getMessage());
    }
  }
}
