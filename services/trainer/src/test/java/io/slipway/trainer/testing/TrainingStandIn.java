package io.slipway.trainer.testing;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.slipway.finetune.v1.Checkpoint;
import io.slipway.finetune.v1.GetTrainingPlanRequest;
import io.slipway.finetune.v1.ReportCheckpointRequest;
import io.slipway.finetune.v1.ReportFailureRequest;
import io.slipway.finetune.v1.ReportProgressRequest;
import io.slipway.finetune.v1.ReportResponse;
import io.slipway.finetune.v1.ReportResultRequest;
import io.slipway.finetune.v1.TrainingPlan;
import io.slipway.finetune.v1.TrainingProgress;
import io.slipway.finetune.v1.TrainingServiceGrpc.TrainingServiceImplBase;
import io.slipway.finetune.v1.ValidationPoint;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.GrpcErrors;
import io.slipway.kit.errors.SlipwayException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Hands out plans and keeps what trainers report, by job. */
public final class TrainingStandIn extends TrainingServiceImplBase {

  /** What was reported for one job. */
  public static final class Reports {

    public final List<TrainingProgress> progress = new CopyOnWriteArrayList<>();
    public final List<ValidationPoint> validations = new CopyOnWriteArrayList<>();
    public final List<Checkpoint> checkpoints = new CopyOnWriteArrayList<>();
    public final List<ReportResultRequest> results = new CopyOnWriteArrayList<>();
    public final List<ReportFailureRequest> failures = new CopyOnWriteArrayList<>();
    private volatile boolean cancelRequested;
    private volatile int attempt = 1;
    private volatile TrainingPlan plan = TrainingPlan.getDefaultInstance();

    /** The user wants the job to stop. */
    public void cancel() {
      cancelRequested = true;
    }

    /** Another attempt has the job from here. */
    public void takeOver(int newAttempt) {
      attempt = newAttempt;
    }

    /** The next attempt begins at the last checkpoint. */
    public void resume() {
      plan = plan.toBuilder().setResumeFrom(checkpoints.getLast()).build();
    }
  }

  private final Map<String, Reports> jobs = new ConcurrentHashMap<>();
  private volatile boolean away;

  public Reports add(String job, TrainingPlan plan) {
    Reports reports = new Reports();
    reports.plan = plan;
    jobs.put(job, reports);
    return reports;
  }

  /** Answers nothing until {@link #comeBack}. */
  public void goAway() {
    away = true;
  }

  public void comeBack() {
    away = false;
  }

  @Override
  public void getTrainingPlan(
      GetTrainingPlanRequest request, StreamObserver<TrainingPlan> responses) {
    if (mayAnswer(request.getJob(), request.getAttempt(), responses)) {
      responses.onNext(reports(request.getJob()).plan);
      responses.onCompleted();
    }
  }

  @Override
  public void reportProgress(
      ReportProgressRequest request, StreamObserver<ReportResponse> responses) {
    if (mayAnswer(request.getJob(), request.getAttempt(), responses)) {
      reports(request.getJob()).progress.add(request.getProgress());
      if (request.hasValidation()) {
        reports(request.getJob()).validations.add(request.getValidation());
      }
      answer(request.getJob(), responses);
    }
  }

  @Override
  public void reportCheckpoint(
      ReportCheckpointRequest request, StreamObserver<ReportResponse> responses) {
    if (mayAnswer(request.getJob(), request.getAttempt(), responses)) {
      reports(request.getJob()).checkpoints.add(request.getCheckpoint());
      answer(request.getJob(), responses);
    }
  }

  @Override
  public void reportResult(ReportResultRequest request, StreamObserver<ReportResponse> responses) {
    if (mayAnswer(request.getJob(), request.getAttempt(), responses)) {
      reports(request.getJob()).results.add(request);
      answer(request.getJob(), responses);
    }
  }

  @Override
  public void reportFailure(
      ReportFailureRequest request, StreamObserver<ReportResponse> responses) {
    if (mayAnswer(request.getJob(), request.getAttempt(), responses)) {
      reports(request.getJob()).failures.add(request);
      answer(request.getJob(), responses);
    }
  }

  private boolean mayAnswer(String job, int attempt, StreamObserver<?> responses) {
    if (away) {
      responses.onError(Status.UNAVAILABLE.asException());
      return false;
    }
    if (reports(job).attempt != attempt) {
      responses.onError(
          GrpcErrors.toException(
              new SlipwayException(ErrorCode.STALE_ATTEMPT, "Another attempt has the job.")));
      return false;
    }
    return true;
  }

  private void answer(String job, StreamObserver<ReportResponse> responses) {
    responses.onNext(
        ReportResponse.newBuilder().setCancelRequested(reports(job).cancelRequested).build());
    responses.onCompleted();
  }

  private Reports reports(String job) {
    Reports found = jobs.get(job);
    if (found == null) {
      throw new IllegalArgumentException("No plan for " + job);
    }
    return found;
  }
}
