package io.slipway.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.slipway.catalog.v1.CatalogServiceGrpc;
import io.slipway.catalog.v1.GetHubModelRequest;
import io.slipway.dataset.v1.DatasetServiceGrpc;
import io.slipway.dataset.v1.UploadDatasetRequest;
import io.slipway.deployment.v1.AcquireGrantRequest;
import io.slipway.deployment.v1.ComputeServiceGrpc;
import io.slipway.gateway.testing.RunningGateway;
import io.slipway.imports.v1.GetImportRequest;
import io.slipway.imports.v1.Import;
import io.slipway.imports.v1.ImportServiceGrpc;
import io.slipway.imports.v1.WatchImportRequest;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.GrpcErrors;
import io.slipway.registry.v1.GetModelRequest;
import io.slipway.registry.v1.PinVersionRequest;
import io.slipway.registry.v1.RegistryServiceGrpc;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class PublicGrpcPortTests {

  private final RunningGateway gateway = RunningGateway.shared();
  private final Channel channel =
      ClientInterceptors.intercept(gateway.channel(), RunningGateway.key(RunningGateway.KEY));

  @Test
  void handsUnaryCallsOnAsTheKeysTenantWhateverTheCallerClaims() {
    Metadata forged = new Metadata();
    forged.put(Metadata.Key.of("slipway-tenant", Metadata.ASCII_STRING_MARSHALLER), "acme");
    forged.put(Metadata.Key.of("slipway-principal", Metadata.ASCII_STRING_MARSHALLER), "root");
    var stub =
        CatalogServiceGrpc.newBlockingStub(channel)
            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(forged));
    var model = stub.getHubModel(GetHubModelRequest.newBuilder().setName("hubModels/a/b").build());
    assertThat(model.getName()).isEqualTo("hubModels/a/b");
    assertThat(model.getLicense()).isEqualTo(RunningGateway.TENANT);
  }

  @Test
  void handsTheStatusBackWithItsDetails() {
    var stub = ImportServiceGrpc.newBlockingStub(channel);
    assertThatThrownBy(
            () ->
                stub.getImport(
                    GetImportRequest.newBuilder().setName("imports/REPOSITORY_GATED").build()))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            failure -> {
              var error = GrpcErrors.fromException(failure);
              assertThat(error.code()).isEqualTo(ErrorCode.REPOSITORY_GATED);
              assertThat(error.reason()).isEqualTo("It is REPOSITORY_GATED indeed.");
            });
  }

  @Test
  void handsDeadlinesOn() {
    var stub = ImportServiceGrpc.newBlockingStub(channel);
    GetImportRequest request = GetImportRequest.newBuilder().setName("imports/slow").build();
    gateway.platform.imports.cancelled.clear();
    assertThatThrownBy(() -> stub.withDeadlineAfter(700, TimeUnit.MILLISECONDS).getImport(request))
        .satisfies(
            e ->
                assertThat(Status.fromThrowable(e).getCode())
                    .isEqualTo(Status.Code.DEADLINE_EXCEEDED));
    assertThat(gateway.platform.imports.deadlineMillis.get("slow")).isBetween(1L, 700L);
    Awaitility.await().until(() -> gateway.platform.imports.cancelled.contains("slow"));
  }

  @Test
  void streamsAnswers() {
    List<Import> imports = new ArrayList<>();
    ImportServiceGrpc.newBlockingStub(channel)
        .watchImport(watch("imports/three"))
        .forEachRemaining(imports::add);
    assertThat(imports).hasSize(3);
    var breaking = ImportServiceGrpc.newBlockingStub(channel).watchImport(watch("imports/breaks"));
    assertThat(breaking.next().getName()).isEqualTo("imports/breaks");
    assertThatThrownBy(breaking::hasNext)
        .satisfies(
            e -> assertThat(Status.fromThrowable(e).getCode()).isEqualTo(Status.Code.UNAVAILABLE));
  }

  @Test
  void handsCancellationOn() throws InterruptedException {
    gateway.platform.imports.cancelled.clear();
    ClientCall<WatchImportRequest, Import> call =
        channel.newCall(ImportServiceGrpc.getWatchImportMethod(), CallOptions.DEFAULT);
    CompletableFuture<Import> first = new CompletableFuture<>();
    ClientCalls.asyncServerStreamingCall(call, watch("imports/forever"), observer(first));
    assertThat(first.orTimeout(10, TimeUnit.SECONDS).join().getName()).isEqualTo("imports/forever");
    call.cancel("enough", null);
    assertThat(gateway.platform.imports.cancelled.poll(10, TimeUnit.SECONDS)).isEqualTo("forever");
  }

  @Test
  void takesFromTheServiceOnlyWhatTheCallerTakes() {
    gateway.platform.imports.sent.clear();
    ClientCall<WatchImportRequest, Import> call =
        channel.newCall(ImportServiceGrpc.getWatchImportMethod(), CallOptions.DEFAULT);
    CompletableFuture<Import> first = new CompletableFuture<>();
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onMessage(Import message) {
            first.complete(message);
          }
        },
        new Metadata());
    call.sendMessage(watch("imports/flood"));
    call.halfClose();
    call.request(1);
    first.orTimeout(10, TimeUnit.SECONDS).join();
    var sent = gateway.platform.imports.sent;
    int[] before = {-1};
    Awaitility.await()
        .until(
            () -> {
              int now = sent.getOrDefault("imports/flood", 0);
              boolean same = now > 0 && now == before[0];
              before[0] = now;
              return same;
            });
    assertThat(sent.get("imports/flood")).isLessThan(2_000);
    call.cancel("enough", null);
  }

  @Test
  void streamsUploads() {
    CompletableFuture<io.slipway.dataset.v1.Dataset> answer = new CompletableFuture<>();
    StreamObserver<UploadDatasetRequest> upload =
        DatasetServiceGrpc.newStub(channel).uploadDataset(observer(answer));
    upload.onNext(
        UploadDatasetRequest.newBuilder()
            .setHeader(UploadDatasetRequest.Header.newBuilder().setDisplayName("over gRPC"))
            .build());
    for (int i = 0; i < 20; i++) {
      upload.onNext(
          UploadDatasetRequest.newBuilder()
              .setChunk(ByteString.copyFrom(new byte[100_000]))
              .build());
    }
    upload.onCompleted();
    assertThat(answer.orTimeout(10, TimeUnit.SECONDS).join().getSizeBytes()).isEqualTo(2_000_000);
  }

  @Test
  void doesNotHaveWhatIsInternal() {
    var registry = RegistryServiceGrpc.newBlockingStub(channel);
    assertThat(
            registry.getModel(GetModelRequest.newBuilder().setName("models/a/b").build()).getName())
        .isEqualTo("models/a/b");
    assertUnimplemented(() -> registry.pinVersion(PinVersionRequest.getDefaultInstance()));
    assertThat(gateway.platform.internal.pins).hasValue(0);
    var compute = ComputeServiceGrpc.newBlockingStub(channel);
    assertUnimplemented(() -> compute.acquireGrant(AcquireGrantRequest.getDefaultInstance()));
    assertThat(gateway.post("/slipway.registry.v1.RegistryService/PinVersion", "{}").status())
        .isEqualTo(404);
  }

  private static void assertUnimplemented(Runnable call) {
    assertThatThrownBy(call::run)
        .satisfies(
            e ->
                assertThat(Status.fromThrowable(e).getCode()).isEqualTo(Status.Code.UNIMPLEMENTED));
  }

  @Test
  void tellsItsHealthAndServicesToAnyone() {
    var health = HealthGrpc.newBlockingStub(gateway.channel());
    assertThat(health.check(HealthCheckRequest.getDefaultInstance()).getStatusValue()).isPositive();
    CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
    var reflection = ServerReflectionGrpc.newStub(gateway.channel());
    var requests = reflection.serverReflectionInfo(observer(answer));
    requests.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
    var services =
        answer.orTimeout(10, TimeUnit.SECONDS).join().getListServicesResponse().getServiceList();
    requests.onCompleted();
    assertThat(services)
        .extracting(ServiceResponse::getName)
        .contains(
            "slipway.imports.v1.ImportService",
            "slipway.identity.v1.ApiKeyService",
            "slipway.inference.v1.InferenceService")
        .doesNotContain("slipway.deployment.v1.ComputeService");
  }

  private static WatchImportRequest watch(String name) {
    return WatchImportRequest.newBuilder().setName(name).build();
  }

  private static <T> StreamObserver<T> observer(CompletableFuture<T> first) {
    return new StreamObserver<>() {
      @Override
      public void onNext(T message) {
        first.complete(message);
      }

      @Override
      public void onError(Throwable failure) {
        first.completeExceptionally(failure);
      }

      @Override
      public void onCompleted() {
        first.completeExceptionally(new IllegalStateException("No message."));
      }
    };
  }
}
