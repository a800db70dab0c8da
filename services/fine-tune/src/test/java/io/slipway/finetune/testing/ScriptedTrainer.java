package io.slipway.finetune.testing;

import io.slipway.artifacts.StoredFile;
import io.slipway.finetune.v1.Checkpoint;
import io.slipway.finetune.v1.GetTrainingPlanRequest;
import io.slipway.finetune.v1.ReportCheckpointRequest;
import io.slipway.finetune.v1.ReportFailureRequest;
import io.slipway.finetune.v1.ReportProgressRequest;
import io.slipway.finetune.v1.ReportResponse;
import io.slipway.finetune.v1.ReportResultRequest;
import io.slipway.finetune.v1.TrainingPlan;
import io.slipway.finetune.v1.TrainingProgress;
import io.slipway.finetune.v1.TrainingServiceGrpc.TrainingServiceBlockingStub;
import io.slipway.finetune.v1.ValidationPoint;

/** Says what a trainer of one attempt would, step by step as the test wants it. */
public record ScriptedTrainer(TrainingServiceBlockingStub service, String job, int attempt) {

  public TrainingPlan plan() {
    return service.getTrainingPlan(
        GetTrainingPlanRequest.newBuilder().setJob(job).setAttempt(attempt).build());
  }

  public ReportResponse progress(int step) {
    return service.reportProgress(progressAt(step).build());
  }

  public ReportResponse validation(int step, double accuracy) {
    return service.reportProgress(progressAt(step).setValidation(point(step, accuracy)).build());
  }

  private ReportProgressRequest.Builder progressAt(int step) {
    return ReportProgressRequest.newBuilder()
        .setJob(job)
        .setAttempt(attempt)
        .setProgress(TrainingProgress.newBuilder().setStep(step).setTotalSteps(100).setLoss(0.5));
  }

  public static ValidationPoint point(int step, double accuracy) {
    return ValidationPoint.newBuilder().setStep(step).setAccuracy(accuracy).build();
  }

  public ReportResponse checkpoint(int step, StoredFile file) {
    return service.reportCheckpoint(
        ReportCheckpointRequest.newBuilder()
            .setJob(job)
            .setAttempt(attempt)
            .setCheckpoint(Checkpoint.newBuilder().setStep(step).addFiles(file.toProto()))
            .build());
  }

  public ReportResponse result(StoredFile file, double accuracy) {
    return service.reportResult(
        ReportResultRequest.newBuilder()
            .setJob(job)
            .setAttempt(attempt)
            .addFiles(file.toProto())
            .setBest(point(100, accuracy))
            .build());
  }

  public ReportResponse failure(String reason, String message) {
    return service.reportFailure(
        ReportFailureRequest.newBuilder()
            .setJob(job)
            .setAttempt(attempt)
            .setReason(reason)
            .setMessage(message)
            .build());
  }
}
