package io.slipway.catalog;

import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.slipway.catalog.v1.CatalogServiceGrpc;
import io.slipway.catalog.v1.CatalogServiceGrpc.CatalogServiceBlockingStub;
import io.slipway.catalog.v1.CreateSyncRequest;
import io.slipway.catalog.v1.GetHubModelRequest;
import io.slipway.catalog.v1.GetSyncRequest;
import io.slipway.catalog.v1.HubModel;
import io.slipway.catalog.v1.Sync;
import io.slipway.kit.identity.Caller;
import io.slipway.kit.identity.CallerClientInterceptor;
import io.slipway.kit.identity.PlatformCredentials;
import java.util.function.Function;

/** Calls a catalogue service as the gateway does; waits for it to come up. */
public final class CatalogClient implements AutoCloseable {

  static final String SECRET = "a-secret-for-catalogue-tests";

  private final ManagedChannel channel;
  private final CatalogServiceBlockingStub stub;

  public CatalogClient(int port) {
    this.channel =
        Grpc.newChannelBuilder("localhost:" + port, InsecureChannelCredentials.create())
            .intercept(new CallerClientInterceptor(new PlatformCredentials(SECRET)))
            .build();
    this.stub = CatalogServiceGrpc.newBlockingStub(channel).withWaitForReady();
  }

  /** Calls the service on behalf of a tenant. */
  public <T> T call(String tenant, Function<CatalogServiceBlockingStub, T> call) {
    return new Caller(tenant, "apiKeys/test").call(() -> call.apply(stub));
  }

  public Sync createSync(Sync sync, String requestId) {
    return call(
        "acme",
        stub ->
            stub.createSync(
                CreateSyncRequest.newBuilder().setSync(sync).setRequestId(requestId).build()));
  }

  public Sync getSync(Sync sync) {
    return call(
        "acme", stub -> stub.getSync(GetSyncRequest.newBuilder().setName(sync.getName()).build()));
  }

  public HubModel getHubModel(String tenant, String id) {
    return call(
        tenant,
        stub ->
            stub.getHubModel(GetHubModelRequest.newBuilder().setName("hubModels/" + id).build()));
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
