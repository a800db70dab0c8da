package io.slipway.kit.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.slipway.embedded.testing.SharedInfrastructure;
import io.slipway.imports.v1.GetImportRequest;
import io.slipway.imports.v1.ImportServiceGrpc;
import io.slipway.imports.v1.ImportServiceGrpc.ImportServiceBlockingStub;
import io.slipway.kit.RunningService;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.GrpcErrors;
import io.slipway.kit.identity.Caller;
import io.slipway.kit.identity.CallerClientInterceptor;
import io.slipway.kit.identity.PlatformCredentials;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;

/** What every call between services goes through. */
class CallTests {

  private static RunningService service;
  private static ManagedChannel channel;

  @BeforeAll
  static void start() {
    service = RunningService.start(SharedInfrastructure.newDatabase());
    int port = service.bean(GrpcServerLifecycle.class).getPort();
    channel = ManagedChannelBuilder.forAddress("localhost", port).usePlaintext().build();
  }

  @AfterAll
  static void stop() {
    channel.shutdownNow();
    service.close();
  }

  @Test
  void refusesACallWithoutThePlatformsCredentials() {
    assertThatThrownBy(() -> get(ImportServiceGrpc.newBlockingStub(channel), "imports/a"))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
              assertThat(GrpcErrors.fromException(e).code()).isEqualTo(ErrorCode.UNAUTHENTICATED);
            });
  }

  @Test
  void refusesACallWithAnotherSecret() {
    var stub =
        ImportServiceGrpc.newBlockingStub(channel)
            .withInterceptors(
                new CallerClientInterceptor(new PlatformCredentials("another-secret-of-16")));

    assertThatThrownBy(() -> get(stub, "imports/a"))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED));
  }

  @Test
  void carriesTheTenantToTheCallee() {
    String tenant = new Caller("acme", "apiKeys/1").call(() -> get(platformStub(), "imports/a"));

    assertThat(tenant).isEqualTo("acme");
  }

  @Test
  void refusesACallThatNamesNoTenantWhereOneIsNeeded() {
    assertThat(codeOf("imports/a")).isEqualTo(ErrorCode.UNAUTHENTICATED);
  }

  @Test
  void carriesAnErrorsCodeAndMessageToTheCaller() {
    assertThatThrownBy(() -> get(platformStub(), "imports/missing"))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(GrpcErrors.fromException(e).code()).isEqualTo(ErrorCode.NOT_FOUND);
              assertThat(GrpcErrors.fromException(e).reason()).contains("imports/missing");
            });
  }

  @Test
  void keepsTheWordsOfAnUnexpectedFailureToItself() {
    assertThatThrownBy(() -> get(platformStub(), "imports/bug"))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
              assertThat(e.getMessage()).doesNotContain("secret of the implementation");
            });
  }

  @Test
  void goesOnWithTheCallersTrace() {
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER),
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

    String traceparent =
        get(
            platformStub().withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers)),
            "imports/trace");

    assertThat(traceparent).startsWith("00-0af7651916cd43dd8448eb211c80319c-");
  }

  private static ErrorCode codeOf(String name) {
    try {
      get(platformStub(), name);
      throw new AssertionError("The call succeeded.");
    } catch (StatusRuntimeException e) {
      return GrpcErrors.fromException(e).code();
    }
  }

  private static ImportServiceBlockingStub platformStub() {
    return ImportServiceGrpc.newBlockingStub(channel)
        .withInterceptors(new CallerClientInterceptor(service.bean(PlatformCredentials.class)));
  }

  private static String get(ImportServiceBlockingStub stub, String name) {
    return stub.getImport(GetImportRequest.newBuilder().setName(name).build()).getName();
  }
}
