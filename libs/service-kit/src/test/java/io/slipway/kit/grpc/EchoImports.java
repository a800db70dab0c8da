package io.slipway.kit.grpc;

import io.grpc.stub.StreamObserver;
import io.slipway.imports.v1.GetImportRequest;
import io.slipway.imports.v1.Import;
import io.slipway.imports.v1.ImportServiceGrpc;
import io.slipway.imports.v1.ListImportsRequest;
import io.slipway.imports.v1.ListImportsResponse;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.kit.identity.Caller;
import io.slipway.kit.telemetry.Traces;
import org.springframework.grpc.server.service.GrpcService;

/** Tells its caller who it is taken for, and fails in the ways that services fail. */
@GrpcService
class EchoImports extends ImportServiceGrpc.ImportServiceImplBase {

  private final Traces traces;

  EchoImports(Traces traces) {
    this.traces = traces;
  }

  @Override
  public void getImport(GetImportRequest request, StreamObserver<Import> response) {
    switch (request.getName()) {
      case "imports/missing" -> throw SlipwayException.notFound(request.getName());
      case "imports/bug" -> throw new IllegalStateException("a secret of the implementation");
      case "imports/trace" -> answer(response, traces.traceparent());
      default -> answer(response, Caller.current().tenant());
    }
  }

  @Override
  public void listImports(
      ListImportsRequest request, StreamObserver<ListImportsResponse> response) {
    throw SlipwayException.invalid("page_size is -1.");
  }

  private static void answer(StreamObserver<Import> response, String name) {
    response.onNext(Import.newBuilder().setName(name).build());
    response.onCompleted();
  }
}
