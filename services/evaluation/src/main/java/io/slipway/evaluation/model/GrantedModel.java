package io.slipway.evaluation.model;

import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.slipway.deployment.v1.AcquireGrantRequest;
import io.slipway.deployment.v1.ComputeServiceGrpc.ComputeServiceBlockingStub;
import io.slipway.deployment.v1.GetGrantRequest;
import io.slipway.deployment.v1.Grant;
import io.slipway.deployment.v1.ModelGrant;
import io.slipway.deployment.v1.ReleaseGrantRequest;
import io.slipway.deployment.v1.RenewGrantRequest;
import io.slipway.deployment.v1.Replica;
import io.slipway.evaluation.EvaluationProperties;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.GrpcErrors;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.registry.v1.ModelVersion;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model that is loaded on granted compute for as long as this is open. The grant is renewed in
 * the background; should this process die, it ends by itself.
 */
public final class GrantedModel implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(GrantedModel.class);

  private final ComputeServiceBlockingStub compute;
  private final EvaluationProperties properties;
  private final ModelVersion version;
  private final Thread renewal;
  private volatile Grant grant;

  private GrantedModel(
      ComputeServiceBlockingStub compute,
      EvaluationProperties properties,
      ModelVersion version,
      Grant grant) {
    this.compute = compute;
    this.properties = properties;
    this.version = version;
    this.grant = grant;
    this.renewal =
        Thread.ofVirtual()
            .name("renew-" + grant.getName())
            .start(Context.current().wrap(this::renewUntilClosed));
  }

  /** Asks for compute for one attempt of a holder; the model need not be loaded yet. */
  static GrantedModel acquire(
      ComputeServiceBlockingStub compute,
      EvaluationProperties properties,
      String holder,
      int attempt,
      ModelVersion version) {
    Grant grant =
        compute
            .withDeadlineAfter(properties.callTimeout().toMillis(), TimeUnit.MILLISECONDS)
            .acquireGrant(
                AcquireGrantRequest.newBuilder()
                    .setHolder(holder)
                    .setAttempt(attempt)
                    .setModel(
                        ModelGrant.newBuilder()
                            .setModel(version.getName())
                            .addAllFiles(version.getFilesList()))
                    .setTimeToLive(timeToLive(properties))
                    .build());
    return new GrantedModel(compute, properties, version, grant);
  }

  private static Duration timeToLive(EvaluationProperties properties) {
    return Durations.fromMillis(properties.grantTimeToLive().toMillis());
  }

  ModelVersion version() {
    return version;
  }

  /**
   * Waits until a worker answers for the model.
   *
   * @throws SlipwayException NO_COMPUTE when none does in time; or the reason for which the grant
   *     has failed
   */
  public void awaitReady() {
    Deadline deadline = Deadline.after(properties.modelTimeout().toMillis(), TimeUnit.MILLISECONDS);
    try {
      Iterator<Grant> changes =
          compute
              .withDeadline(deadline)
              .watchGrant(GetGrantRequest.newBuilder().setName(grant.getName()).build());
      while (changes.hasNext()) {
        grant = changes.next();
        if (isReady()) {
          return;
        }
      }
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED && deadline.isExpired()) {
        throw new SlipwayException(
            ErrorCode.NO_COMPUTE,
            "No worker had loaded %s after %s."
                .formatted(version.getName(), properties.modelTimeout()),
            e);
      }
      throw e;
    }
    throw lost();
  }

  /**
   * The workers that answer for the model now.
   *
   * @throws SlipwayException WORKER_LOST when the grant has ended; or the reason for which it has
   *     failed
   */
  List<Replica> replicas() {
    Grant now = grant;
    requireAlive(now);
    return now.getReplicasList();
  }

  /** Asks anew which workers answer for the model. */
  void refresh() {
    update(() -> compute().getGrant(GetGrantRequest.newBuilder().setName(grant.getName()).build()));
  }

  private boolean isReady() {
    Grant now = grant;
    requireAlive(now);
    return now.getState() == Grant.State.STATE_READY && now.getReplicasCount() > 0;
  }

  private void requireAlive(Grant now) {
    switch (now.getState()) {
      case STATE_PENDING, STATE_READY -> {}
      case STATE_FAILED ->
          throw new SlipwayException(
              GrpcErrors.codeOf(now.getError()), now.getError().getMessage());
      case STATE_ENDED, STATE_UNSPECIFIED, UNRECOGNIZED -> throw lost();
    }
  }

  private SlipwayException lost() {
    return new SlipwayException(
        ErrorCode.WORKER_LOST,
        "The compute that was granted for " + version.getName() + " was taken away.");
  }

  private void renewUntilClosed() {
    try {
      while (true) {
        Thread.sleep(properties.grantTimeToLive().dividedBy(3));
        renew();
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private void renew() {
    update(
        () ->
            compute()
                .renewGrant(
                    RenewGrantRequest.newBuilder()
                        .setName(grant.getName())
                        .setTimeToLive(timeToLive(properties))
                        .build()));
  }

  /** What is known of the grant stays as it is while deployment cannot be asked. */
  private void update(Supplier<Grant> question) {
    try {
      grant = question.get();
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
        grant = grant.toBuilder().setState(Grant.State.STATE_ENDED).build();
      } else {
        log.warn("{} cannot be asked about now: {}", grant.getName(), e.getMessage());
      }
    }
  }

  private ComputeServiceBlockingStub compute() {
    return compute.withDeadlineAfter(properties.callTimeout().toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Gives the compute back; when that fails, it goes back by itself after its time to live. */
  @Override
  public void close() {
    renewal.interrupt();
    // A cancelled run is interrupted, and a blocking call would refuse to begin.
    boolean interrupted = Thread.interrupted();
    try {
      compute().releaseGrant(ReleaseGrantRequest.newBuilder().setName(grant.getName()).build());
    } catch (StatusRuntimeException e) {
      log.warn("{} is not released but runs out: {}", grant.getName(), e.getMessage());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
