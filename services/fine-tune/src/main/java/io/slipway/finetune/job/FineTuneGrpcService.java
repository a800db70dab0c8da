package io.slipway.finetune.job;

import io.grpc.stub.StreamObserver;
import io.slipway.finetune.job.FineTuneAcceptance.Accepted;
import io.slipway.finetune.v1.CancelFineTuneJobRequest;
import io.slipway.finetune.v1.CreateFineTuneJobRequest;
import io.slipway.finetune.v1.FineTuneJob;
import io.slipway.finetune.v1.FineTuneServiceGrpc.FineTuneServiceImplBase;
import io.slipway.finetune.v1.GetFineTuneJobRequest;
import io.slipway.finetune.v1.ListFineTuneJobsRequest;
import io.slipway.finetune.v1.ListFineTuneJobsResponse;
import io.slipway.finetune.v1.WatchFineTuneJobRequest;
import io.slipway.kit.identity.Caller;
import io.slipway.kit.jobs.Job;
import io.slipway.kit.jobs.JobQueue;
import io.slipway.kit.jobs.JobWatch;
import io.slipway.kit.jobs.Jobs;
import io.slipway.kit.paging.Page;
import io.slipway.kit.paging.PageRequest;
import org.springframework.grpc.server.service.GrpcService;

/** The public API of fine-tuning jobs. */
@GrpcService
class FineTuneGrpcService extends FineTuneServiceImplBase {

  private final FineTuneAcceptance acceptance;
  private final JobQueue queue;
  private final Jobs jobs;
  private final JobWatch watch;

  FineTuneGrpcService(FineTuneAcceptance acceptance, JobQueue queue, Jobs jobs, JobWatch watch) {
    this.acceptance = acceptance;
    this.queue = queue;
    this.jobs = jobs;
    this.watch = watch;
  }

  @Override
  public void createFineTuneJob(
      CreateFineTuneJobRequest request, StreamObserver<FineTuneJob> responses) {
    Accepted accepted = acceptance.accept(request.getFineTuneJob());
    Job job =
        queue.submit(
            FineTuneJobs.COLLECTION,
            request.getRequestId(),
            request,
            accepted.spec(),
            accepted.run());
    answer(responses, FineTuneJobs.resource(job));
  }

  @Override
  public void getFineTuneJob(GetFineTuneJobRequest request, StreamObserver<FineTuneJob> responses) {
    Job job = jobs.get(Caller.current().tenant(), FineTuneJobs.COLLECTION, request.getName());
    answer(responses, FineTuneJobs.resource(job));
  }

  @Override
  public void listFineTuneJobs(
      ListFineTuneJobsRequest request, StreamObserver<ListFineTuneJobsResponse> responses) {
    PageRequest asked = PageRequest.of(request.getPageSize(), request.getPageToken());
    Page<FineTuneJob> page =
        jobs.list(Caller.current().tenant(), FineTuneJobs.COLLECTION, asked)
            .map(FineTuneJobs::resource);
    answer(
        responses,
        ListFineTuneJobsResponse.newBuilder()
            .addAllFineTuneJobs(page.items())
            .setNextPageToken(page.nextToken())
            .build());
  }

  @Override
  public void cancelFineTuneJob(
      CancelFineTuneJobRequest request, StreamObserver<FineTuneJob> responses) {
    Job job =
        jobs.requestCancel(Caller.current().tenant(), FineTuneJobs.COLLECTION, request.getName());
    answer(responses, FineTuneJobs.resource(job));
  }

  @Override
  public void watchFineTuneJob(
      WatchFineTuneJobRequest request, StreamObserver<FineTuneJob> responses) {
    watch.stream(FineTuneJobs.COLLECTION, request.getName(), FineTuneJobs::resource, responses);
  }

  private static <T> void answer(StreamObserver<T> responses, T response) {
    responses.onNext(response);
    responses.onCompleted();
  }
}
