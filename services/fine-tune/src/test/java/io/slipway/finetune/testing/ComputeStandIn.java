package io.slipway.finetune.testing;

import com.google.protobuf.Empty;
import io.grpc.stub.StreamObserver;
import io.slipway.deployment.v1.AcquireGrantRequest;
import io.slipway.deployment.v1.ComputeServiceGrpc.ComputeServiceImplBase;
import io.slipway.deployment.v1.GetGrantRequest;
import io.slipway.deployment.v1.Grant;
import io.slipway.deployment.v1.ReleaseGrantRequest;
import io.slipway.deployment.v1.RenewGrantRequest;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.GrpcErrors;
import io.slipway.kit.errors.SlipwayException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Keeps grants; whether there is a trainer behind one is the test's business. */
public final class ComputeStandIn extends ComputeServiceImplBase {

  private final Map<String, Grant> grants = new LinkedHashMap<>();
  private final AtomicInteger renewals = new AtomicInteger();
  private volatile Consumer<Grant> listener = grant -> {};

  /** Tells of each grant that is made or ended. */
  public void onChange(Consumer<Grant> onChange) {
    listener = onChange;
  }

  /** All grants of a job, oldest first. */
  public synchronized List<Grant> of(String job) {
    return grants.values().stream().filter(grant -> grant.getHolder().equals(job)).toList();
  }

  /** The grant of a job that has not ended. */
  public Optional<Grant> current(String job) {
    return of(job).stream()
        .filter(
            grant ->
                grant.getState() == Grant.State.STATE_PENDING
                    || grant.getState() == Grant.State.STATE_READY)
        .findFirst();
  }

  /** A grant that no trainer has taken. */
  public synchronized Optional<Grant> pending() {
    return grants.values().stream()
        .filter(grant -> grant.getState() == Grant.State.STATE_PENDING)
        .findFirst();
  }

  public int renewals() {
    return renewals.get();
  }

  public void ready(Grant grant) {
    put(grant.toBuilder().setState(Grant.State.STATE_READY).build());
  }

  public void fail(Grant grant, ErrorCode code, String message) {
    put(
        grant.toBuilder()
            .setState(Grant.State.STATE_FAILED)
            .setError(GrpcErrors.toStatus(code, message))
            .build());
  }

  private void put(Grant grant) {
    synchronized (this) {
      grants.put(grant.getName(), grant);
    }
    listener.accept(grant);
  }

  @Override
  public void acquireGrant(AcquireGrantRequest request, StreamObserver<Grant> responses) {
    for (Grant grant : of(request.getHolder())) {
      if (grant.getAttempt() > request.getAttempt()) {
        Answers.refuse(
            responses,
            new SlipwayException(ErrorCode.STALE_ATTEMPT, "A newer attempt has a grant."));
        return;
      }
      if (grant.getAttempt() == request.getAttempt()) {
        Answers.answer(responses, grant);
        return;
      }
      end(grant);
    }
    Grant made =
        Grant.newBuilder()
            .setName("grants/" + request.getHolder().replace('/', '-') + "-" + request.getAttempt())
            .setState(Grant.State.STATE_PENDING)
            .setHolder(request.getHolder())
            .setAttempt(request.getAttempt())
            .setTrainer(request.getTrainer())
            .build();
    put(made);
    Answers.answer(responses, made);
  }

  private void end(Grant grant) {
    if (grant.getState() != Grant.State.STATE_ENDED) {
      put(grant.toBuilder().setState(Grant.State.STATE_ENDED).build());
    }
  }

  private Optional<Grant> find(String name) {
    synchronized (this) {
      return Optional.ofNullable(grants.get(name));
    }
  }

  @Override
  public void getGrant(GetGrantRequest request, StreamObserver<Grant> responses) {
    find(request.getName())
        .ifPresentOrElse(
            grant -> Answers.answer(responses, grant),
            () -> Answers.refuse(responses, SlipwayException.notFound(request.getName())));
  }

  @Override
  public void renewGrant(RenewGrantRequest request, StreamObserver<Grant> responses) {
    renewals.incrementAndGet();
    getGrant(GetGrantRequest.newBuilder().setName(request.getName()).build(), responses);
  }

  @Override
  public void releaseGrant(ReleaseGrantRequest request, StreamObserver<Empty> responses) {
    find(request.getName()).ifPresent(this::end);
    Answers.answer(responses, Empty.getDefaultInstance());
  }
}
