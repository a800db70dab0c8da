package io.slipway.imports.testing;

import static org.awaitility.Awaitility.await;

import io.grpc.ClientInterceptor;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.slipway.dataset.v1.DatasetServiceGrpc;
import io.slipway.imports.v1.CreateImportRequest;
import io.slipway.imports.v1.GetImportRequest;
import io.slipway.imports.v1.HubSource;
import io.slipway.imports.v1.Import;
import io.slipway.imports.v1.ImportServiceGrpc;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.GrpcErrors;
import io.slipway.kit.identity.Caller;
import io.slipway.kit.identity.CallerClientInterceptor;
import io.slipway.kit.identity.PlatformCredentials;
import io.slipway.registry.v1.LineageServiceGrpc;
import io.slipway.registry.v1.RegistryServiceGrpc;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Calls the import service as one caller. */
public final class PlatformClient implements AutoCloseable {

  /** Of the platform that the tests of this service make. */
  public static final String SECRET = "a-secret-for-import-tests";

  /** A service in a process of its own may still be starting. */
  private static final Duration START = Duration.ofSeconds(90);

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  public final ImportServiceGrpc.ImportServiceBlockingStub imports;
  public final RegistryServiceGrpc.RegistryServiceBlockingStub registry;
  public final DatasetServiceGrpc.DatasetServiceBlockingStub datasets;
  public final DatasetServiceGrpc.DatasetServiceStub uploads;
  public final LineageServiceGrpc.LineageServiceBlockingStub lineage;
  private final ManagedChannel channel;

  /**
   * @param secret of the platform that the service belongs to
   */
  public PlatformClient(int port, Caller caller, String secret) {
    var credentials = new CallerClientInterceptor(new PlatformCredentials(secret));
    ClientInterceptor asCaller = new AsCaller(caller, credentials);
    this.channel =
        Grpc.newChannelBuilder("localhost:" + port, InsecureChannelCredentials.create())
            .intercept(asCaller)
            .build();
    this.imports = ImportServiceGrpc.newBlockingStub(channel).withWaitForReady();
    this.registry = RegistryServiceGrpc.newBlockingStub(channel);
    this.datasets = DatasetServiceGrpc.newBlockingStub(channel);
    this.uploads = DatasetServiceGrpc.newStub(channel);
    this.lineage = LineageServiceGrpc.newBlockingStub(channel);
  }

  public Import importModel(String modelId) {
    return importModel(modelId, "", "");
  }

  public Import importModel(String modelId, String revision, String requestId) {
    HubSource source = HubSource.newBuilder().setModelId(modelId).setRevision(revision).build();
    return imports
        .withDeadlineAfter(START.toSeconds(), TimeUnit.SECONDS)
        .createImport(
            CreateImportRequest.newBuilder()
                .setImport(Import.newBuilder().setHub(source))
                .setRequestId(requestId)
                .build());
  }

  public Import get(Import started) {
    return imports.getImport(GetImportRequest.newBuilder().setName(started.getName()).build());
  }

  public Import awaitEnd(Import started) {
    return await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> get(started), found -> found.getStatus().hasEndTime());
  }

  /** The code that a call is refused with. */
  public static ErrorCode refusal(Callable<?> call) {
    return GrpcErrors.fromException(failure(call)).code();
  }

  public static String refusalMessage(Callable<?> call) {
    return Objects.requireNonNull(failure(call).getStatus().getDescription());
  }

  private static StatusRuntimeException failure(Callable<?> call) {
    try {
      Object answer = call.call();
      throw new AssertionError("Expected a refusal, got " + answer);
    } catch (StatusRuntimeException e) {
      return e;
    } catch (Exception e) {
      throw new AssertionError("Expected a refusal by status.", e);
    }
  }

  /** The code that an import has failed with. */
  public static ErrorCode failureOf(Import ended) {
    return GrpcErrors.codeOf(ended.getStatus().getError());
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
