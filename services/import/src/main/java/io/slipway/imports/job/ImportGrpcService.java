package io.slipway.imports.job;

import static io.slipway.imports.job.Imports.COLLECTION;

import io.grpc.stub.StreamObserver;
import io.slipway.imports.v1.CancelImportRequest;
import io.slipway.imports.v1.CreateImportRequest;
import io.slipway.imports.v1.GetImportRequest;
import io.slipway.imports.v1.Import;
import io.slipway.imports.v1.ImportServiceGrpc.ImportServiceImplBase;
import io.slipway.imports.v1.ListImportsRequest;
import io.slipway.imports.v1.ListImportsResponse;
import io.slipway.imports.v1.WatchImportRequest;
import io.slipway.kit.identity.Caller;
import io.slipway.kit.jobs.JobQueue;
import io.slipway.kit.jobs.JobWatch;
import io.slipway.kit.jobs.Jobs;
import io.slipway.kit.paging.Page;
import io.slipway.kit.paging.PageRequest;
import org.springframework.grpc.server.service.GrpcService;

@GrpcService
class ImportGrpcService extends ImportServiceImplBase {

  private final JobQueue queue;
  private final Jobs jobs;
  private final JobWatch watch;
  private final Imports imports;

  ImportGrpcService(JobQueue queue, Jobs jobs, JobWatch watch, Imports imports) {
    this.queue = queue;
    this.jobs = jobs;
    this.watch = watch;
    this.imports = imports;
  }

  @Override
  public void createImport(CreateImportRequest request, StreamObserver<Import> responses) {
    var accepted = ImportRequests.accept(Caller.current(), request);
    answer(
        responses,
        imports.of(
            queue.submit(
                COLLECTION,
                accepted.requestId(),
                accepted.fingerprint(),
                accepted.spec(),
                accepted.spec())));
  }

  @Override
  public void getImport(GetImportRequest request, StreamObserver<Import> responses) {
    answer(responses, imports.of(jobs.get(tenant(), COLLECTION, request.getName())));
  }

  @Override
  public void listImports(
      ListImportsRequest request, StreamObserver<ListImportsResponse> responses) {
    Page<Import> page =
        jobs.list(
                tenant(), COLLECTION, PageRequest.of(request.getPageSize(), request.getPageToken()))
            .map(imports::of);
    answer(
        responses,
        ListImportsResponse.newBuilder()
            .addAllImports(page.items())
            .setNextPageToken(page.nextToken())
            .build());
  }

  @Override
  public void cancelImport(CancelImportRequest request, StreamObserver<Import> responses) {
    answer(responses, imports.of(jobs.requestCancel(tenant(), COLLECTION, request.getName())));
  }

  @Override
  public void watchImport(WatchImportRequest request, StreamObserver<Import> responses) {
    watch.stream(COLLECTION, request.getName(), imports::of, responses);
  }

  private static String tenant() {
    return Caller.current().tenant();
  }

  private static <T> void answer(StreamObserver<T> responses, T response) {
    responses.onNext(response);
    responses.onCompleted();
  }
}
