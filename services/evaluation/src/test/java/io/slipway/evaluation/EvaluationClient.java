package io.slipway.evaluation;

import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.slipway.evaluation.v1.EvaluationServiceGrpc;
import io.slipway.evaluation.v1.EvaluationServiceGrpc.EvaluationServiceBlockingStub;
import io.slipway.kit.identity.Caller;
import io.slipway.kit.identity.CallerClientInterceptor;
import io.slipway.kit.identity.PlatformCredentials;
import java.util.function.Function;

/** Calls an evaluation service as the gateway does; waits for it to come up. */
public final class EvaluationClient implements AutoCloseable {

  static final String SECRET = "a-secret-for-evaluation-tests";

  private final ManagedChannel channel;
  private final EvaluationServiceBlockingStub stub;

  public EvaluationClient(int port) {
    this.channel =
        Grpc.newChannelBuilder("localhost:" + port, InsecureChannelCredentials.create())
            .intercept(new CallerClientInterceptor(new PlatformCredentials(SECRET)))
            .build();
    this.stub = EvaluationServiceGrpc.newBlockingStub(channel).withWaitForReady();
  }

  /** Calls the service on behalf of a tenant. */
  public <T> T call(String tenant, Function<EvaluationServiceBlockingStub, T> call) {
    return new Caller(tenant, "apiKeys/test").call(() -> call.apply(stub));
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
