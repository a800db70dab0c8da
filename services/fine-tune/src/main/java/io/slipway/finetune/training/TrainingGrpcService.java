package io.slipway.finetune.training;

import io.grpc.stub.StreamObserver;
import io.slipway.finetune.job.FineTuneJobs;
import io.slipway.finetune.v1.FineTuneJob;
import io.slipway.finetune.v1.FineTuneRun;
import io.slipway.finetune.v1.GetTrainingPlanRequest;
import io.slipway.finetune.v1.ReportCheckpointRequest;
import io.slipway.finetune.v1.ReportFailureRequest;
import io.slipway.finetune.v1.ReportProgressRequest;
import io.slipway.finetune.v1.ReportResponse;
import io.slipway.finetune.v1.ReportResultRequest;
import io.slipway.finetune.v1.TrainingPlan;
import io.slipway.finetune.v1.TrainingServiceGrpc.TrainingServiceImplBase;
import io.slipway.finetune.v1.ValidationPoint;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.kit.jobs.Jobs;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.springframework.grpc.server.service.GrpcService;

/**
 * Takes in what trainers report. A trainer speaks for a job and an attempt, not for a tenant; each
 * of its calls changes something only while that attempt holds the job.
 */
@GrpcService
class TrainingGrpcService extends TrainingServiceImplBase {

  private final Jobs jobs;

  TrainingGrpcService(Jobs jobs) {
    this.jobs = jobs;
  }

  @Override
  public void getTrainingPlan(
      GetTrainingPlanRequest request, StreamObserver<TrainingPlan> responses) {
    var plan = new AtomicReference<TrainingPlan>();
    jobs.change(
        FineTuneJobs.COLLECTION,
        request.getJob(),
        request.getAttempt(),
        job -> {
          FineTuneRun begun = RunRecord.begun(FineTuneJobs.run(job));
          plan.set(plan(FineTuneJobs.spec(job), begun));
          return begun;
        });
    responses.onNext(plan.get());
    responses.onCompleted();
  }

  private static TrainingPlan plan(FineTuneJob spec, FineTuneRun run) {
    TrainingPlan.Builder plan =
        TrainingPlan.newBuilder()
            .setTask(run.getTask())
            .addAllBaseFiles(run.getBaseFilesList())
            .setDatasetFormat(run.getDatasetFormat())
            .setDatasetSha256(run.getDatasetSha256())
            .setColumns(spec.getColumns())
            .setSplit(spec.getSplit())
            .setHyperparameters(spec.getHyperparameters())
            .addAllLabels(run.getOutputs().getLabelsList())
            .setBaseVersion(spec.getBaseVersion())
            .setDataset(spec.getDataset())
            .setAdapterConfig(run.getAdapterConfig())
            .addAllClassWeights(run.getClassWeightsList())
            .setProblemType(spec.getProblemType());
    if (run.hasCheckpoint()) {
      plan.setResumeFrom(run.getCheckpoint());
    }
    return plan.build();
  }

  @Override
  public void reportProgress(
      ReportProgressRequest request, StreamObserver<ReportResponse> responses) {
    var validation =
        request.hasValidation()
            ? Optional.of(request.getValidation())
            : Optional.<ValidationPoint>empty();
    change(
        request.getJob(),
        request.getAttempt(),
        run -> RunRecord.progressed(run, request.getProgress(), validation),
        responses);
  }

  @Override
  public void reportCheckpoint(
      ReportCheckpointRequest request, StreamObserver<ReportResponse> responses) {
    requireFiles(request.getCheckpoint().getFilesCount(), "checkpoint");
    change(
        request.getJob(),
        request.getAttempt(),
        run -> RunRecord.checkpointed(run, request.getCheckpoint()),
        responses);
  }

  @Override
  public void reportResult(ReportResultRequest request, StreamObserver<ReportResponse> responses) {
    requireFiles(request.getFilesCount(), "result");
    var best =
        request.hasBest() ? Optional.of(request.getBest()) : Optional.<ValidationPoint>empty();
    change(
        request.getJob(),
        request.getAttempt(),
        run -> RunRecord.finished(run, request.getFilesList(), best),
        responses);
  }

  @Override
  public void reportFailure(
      ReportFailureRequest request, StreamObserver<ReportResponse> responses) {
    change(
        request.getJob(),
        request.getAttempt(),
        run ->
            RunRecord.failed(run, request.getAttempt(), request.getReason(), request.getMessage()),
        responses);
  }

  private void change(
      String job,
      int attempt,
      UnaryOperator<FineTuneRun> change,
      StreamObserver<ReportResponse> responses) {
    boolean cancelRequested =
        jobs.change(
            FineTuneJobs.COLLECTION, job, attempt, held -> change.apply(FineTuneJobs.run(held)));
    responses.onNext(ReportResponse.newBuilder().setCancelRequested(cancelRequested).build());
    responses.onCompleted();
  }

  private static void requireFiles(int count, String what) {
    if (count == 0) {
      throw SlipwayException.invalid("The " + what + " has no files; expected at least one.");
    }
  }
}
