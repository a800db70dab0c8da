package io.slipway.evaluation.neighbours;

import com.google.protobuf.Empty;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.slipway.deployment.v1.AcquireGrantRequest;
import io.slipway.deployment.v1.ComputeServiceGrpc.ComputeServiceImplBase;
import io.slipway.deployment.v1.GetGrantRequest;
import io.slipway.deployment.v1.Grant;
import io.slipway.deployment.v1.ReleaseGrantRequest;
import io.slipway.deployment.v1.RenewGrantRequest;
import io.slipway.deployment.v1.Replica;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.GrpcErrors;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Grants every model on the one worker there is. */
public final class Compute extends ComputeServiceImplBase {

  /** What becomes of a new grant. */
  public enum Mode {
    READY,
    PENDING,
    FAILED
  }

  public final List<AcquireGrantRequest> acquired = new CopyOnWriteArrayList<>();
  public final List<String> released = new CopyOnWriteArrayList<>();
  public final AtomicInteger renewals = new AtomicInteger();
  public volatile Mode mode = Mode.READY;
  volatile String workerAddress = "";
  private final Map<String, Grant> grants = new ConcurrentHashMap<>();

  @Override
  public void acquireGrant(AcquireGrantRequest request, StreamObserver<Grant> responses) {
    acquired.add(request);
    Grant grant =
        Grant.newBuilder()
            .setName("grants/" + acquired.size())
            .setState(Grant.State.STATE_PENDING)
            .setHolder(request.getHolder())
            .setAttempt(request.getAttempt())
            .setModel(request.getModel())
            .build();
    grants.put(grant.getName(), grant);
    responses.onNext(grant);
    responses.onCompleted();
  }

  @Override
  public void getGrant(GetGrantRequest request, StreamObserver<Grant> responses) {
    answer(grants.get(request.getName()), responses);
  }

  @Override
  public void renewGrant(RenewGrantRequest request, StreamObserver<Grant> responses) {
    renewals.incrementAndGet();
    answer(grants.get(request.getName()), responses);
  }

  private void answer(@Nullable Grant grant, StreamObserver<Grant> responses) {
    if (grant == null) {
      responses.onError(Status.NOT_FOUND.asException());
      return;
    }
    responses.onNext(now(grant));
    responses.onCompleted();
  }

  @Override
  public void releaseGrant(ReleaseGrantRequest request, StreamObserver<Empty> responses) {
    released.add(request.getName());
    grants.remove(request.getName());
    responses.onNext(Empty.getDefaultInstance());
    responses.onCompleted();
  }

  /** Names of the grants that a holder has now. */
  public List<String> held(String holder) {
    return grants.values().stream()
        .filter(grant -> grant.getHolder().equals(holder))
        .map(Grant::getName)
        .toList();
  }

  /** Takes all compute away, as if it had run out. */
  public void takeAway() {
    grants.clear();
  }

  private Grant now(Grant grant) {
    return switch (mode) {
      case PENDING -> grant;
      case READY ->
          grant.toBuilder()
              .setState(Grant.State.STATE_READY)
              .addReplicas(Replica.newBuilder().setWorkerId("worker-1").setAddress(workerAddress))
              .build();
      case FAILED ->
          grant.toBuilder()
              .setState(Grant.State.STATE_FAILED)
              .setError(
                  GrpcErrors.toStatus(
                      ErrorCode.MODEL_LOAD_FAILED,
                      "model.safetensors has no tensor pooler.weight."))
              .build();
    };
  }
}
