package io.slipway.evaluation.job;

import io.grpc.stub.StreamObserver;
import io.slipway.evaluation.v1.CancelEvaluationRequest;
import io.slipway.evaluation.v1.CreateEvaluationRequest;
import io.slipway.evaluation.v1.Evaluation;
import io.slipway.evaluation.v1.EvaluationServiceGrpc.EvaluationServiceImplBase;
import io.slipway.evaluation.v1.GetEvaluationRequest;
import io.slipway.evaluation.v1.ListEvaluationsRequest;
import io.slipway.evaluation.v1.ListEvaluationsResponse;
import io.slipway.evaluation.v1.WatchEvaluationRequest;
import io.slipway.kit.identity.Caller;
import io.slipway.kit.jobs.JobWatch;
import io.slipway.kit.jobs.Jobs;
import io.slipway.kit.paging.Page;
import io.slipway.kit.paging.PageRequest;
import org.springframework.grpc.server.service.GrpcService;

/** The API of evaluations. */
@GrpcService
class EvaluationGrpcService extends EvaluationServiceImplBase {

  static final String COLLECTION = "evaluations";

  private final StartEvaluation start;
  private final EvaluationSubjects subjects;
  private final Jobs jobs;
  private final JobWatch watch;

  EvaluationGrpcService(
      StartEvaluation start, EvaluationSubjects subjects, Jobs jobs, JobWatch watch) {
    this.start = start;
    this.subjects = subjects;
    this.jobs = jobs;
    this.watch = watch;
  }

  @Override
  public void createEvaluation(
      CreateEvaluationRequest request, StreamObserver<Evaluation> responses) {
    responses.onNext(Evaluations.of(start.start(request)));
    responses.onCompleted();
  }

  @Override
  public void getEvaluation(GetEvaluationRequest request, StreamObserver<Evaluation> responses) {
    responses.onNext(
        Evaluations.of(jobs.get(Caller.current().tenant(), COLLECTION, request.getName())));
    responses.onCompleted();
  }

  @Override
  public void listEvaluations(
      ListEvaluationsRequest request, StreamObserver<ListEvaluationsResponse> responses) {
    PageRequest page = PageRequest.of(request.getPageSize(), request.getPageToken());
    String tenant = Caller.current().tenant();
    Page<Evaluation> found =
        (request.getModelVersion().isEmpty()
                ? jobs.list(tenant, COLLECTION, page)
                : subjects.list(tenant, request.getModelVersion(), page))
            .map(Evaluations::of);
    responses.onNext(
        ListEvaluationsResponse.newBuilder()
            .addAllEvaluations(found.items())
            .setNextPageToken(found.nextToken())
            .build());
    responses.onCompleted();
  }

  @Override
  public void cancelEvaluation(
      CancelEvaluationRequest request, StreamObserver<Evaluation> responses) {
    responses.onNext(
        Evaluations.of(
            jobs.requestCancel(Caller.current().tenant(), COLLECTION, request.getName())));
    responses.onCompleted();
  }

  @Override
  public void watchEvaluation(
      WatchEvaluationRequest request, StreamObserver<Evaluation> responses) {
    watch.stream(COLLECTION, request.getName(), Evaluations::of, responses);
  }
}
