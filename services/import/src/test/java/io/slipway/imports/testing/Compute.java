package io.slipway.imports.testing;

import com.google.protobuf.Empty;
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

/** Grants every model on the one worker there is. */
public final class Compute extends ComputeServiceImplBase {

  /** What becomes of a new grant. */
  public enum Mode {
    READY,
    PENDING,
    FAILED
  }

  public volatile Mode mode = Mode.READY;
  public final List<AcquireGrantRequest> acquired = new CopyOnWriteArrayList<>();
  private final Map<String, Grant> grants = new ConcurrentHashMap<>();
  volatile String workerAddress = "";

  /** Names of who holds a grant now. */
  public List<String> holders() {
    return grants.values().stream().map(Grant::getHolder).toList();
  }

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
    answer(responses, grant);
  }

  @Override
  public void getGrant(GetGrantRequest request, StreamObserver<Grant> responses) {
    answer(responses, now(request.getName()));
  }

  @Override
  public void renewGrant(RenewGrantRequest request, StreamObserver<Grant> responses) {
    answer(responses, now(request.getName()));
  }

  @Override
  public void releaseGrant(ReleaseGrantRequest request, StreamObserver<Empty> responses) {
    grants.remove(request.getName());
    answer(responses, Empty.getDefaultInstance());
  }

  private Grant now(String name) {
    Grant.Builder grant = grants.get(name).toBuilder();
    return switch (mode) {
      case PENDING -> grant.build();
      case READY ->
          grant
              .setState(Grant.State.STATE_READY)
              .addReplicas(Replica.newBuilder().setWorkerId("worker-1").setAddress(workerAddress))
              .build();
      case FAILED ->
          grant
              .setState(Grant.State.STATE_FAILED)
              .setError(
                  GrpcErrors.toStatus(
                      ErrorCode.MODEL_LOAD_FAILED, "bert.pooler.dense.weight is missing."))
              .build();
    };
  }

  private static <T> void answer(StreamObserver<T> responses, T response) {
    responses.onNext(response);
    responses.onCompleted();
  }
}
