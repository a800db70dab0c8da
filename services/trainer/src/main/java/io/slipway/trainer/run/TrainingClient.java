package io.slipway.trainer.run;

import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.grpc.StatusRuntimeException;
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
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.GrpcErrors;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.trainer.TrainerProperties;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one run asks of and tells to the fine-tune service. Calls wait out short absences; what the
 * service answers may stop the run.
 */
final class TrainingClient {

  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final TrainingServiceBlockingStub service;
  private final RunId id;
  private final StopSignal stop;
  private final Duration deadline;
  private final Retry retry;

  TrainingClient(
      TrainingServiceBlockingStub service,
      RunId id,
      StopSignal stop,
      TrainerProperties.Training properties) {
    this.service = service;
    this.id = id;
    this.stop = stop;
    this.deadline = properties.callDeadline();
    this.retry =
        Retry.of(
            id.job(),
            RetryConfig.custom()
                .maxAttempts(attemptsWithin(properties.grace()))
                .intervalFunction(
                    IntervalFunction.ofExponentialBackoff(SHORTEST_PAUSE, 2, LONGEST_PAUSE))
                .retryOnException(failure -> !stop.isStopped() && codeOf(failure).isTransient())
                .build());
  }

  TrainingPlan plan() throws RunStoppedException {
    return call(
        stub ->
            stub.getTrainingPlan(
                GetTrainingPlanRequest.newBuilder()
                    .setJob(id.job())
                    .setAttempt(id.attempt())
                    .build()));
  }

  void progress(TrainingProgress progress, @Nullable ValidationPoint validation)
      throws RunStoppedException {
    ReportProgressRequest.Builder request =
        ReportProgressRequest.newBuilder()
            .setJob(id.job())
            .setAttempt(id.attempt())
            .setProgress(progress);
    if (validation != null) {
      request.setValidation(validation);
    }
    heed(call(stub -> stub.reportProgress(request.build())));
  }

  void checkpoint(Checkpoint checkpoint) throws RunStoppedException {
    heed(
        call(
            stub ->
                stub.reportCheckpoint(
                    ReportCheckpointRequest.newBuilder()
                        .setJob(id.job())
                        .setAttempt(id.attempt())
                        .setCheckpoint(checkpoint)
                        .build())));
  }

  void result(List<StoredFile> files, @Nullable ValidationPoint best) throws RunStoppedException {
    ReportResultRequest.Builder request =
        ReportResultRequest.newBuilder()
            .setJob(id.job())
            .setAttempt(id.attempt())
            .addAllFiles(files.stream().map(StoredFile::toProto).toList());
    if (best != null) {
      request.setBest(best);
    }
    call(stub -> stub.reportResult(request.build()));
  }

  void failure(ErrorCode reason, String message) throws RunStoppedException {
    call(
        stub ->
            stub.reportFailure(
                ReportFailureRequest.newBuilder()
                    .setJob(id.job())
                    .setAttempt(id.attempt())
                    .setReason(reason.name())
                    .setMessage(message)
                    .build()));
  }

  /**
   * @throws RunStoppedException when the run shall end, whoever has said so
   */
  void checkStopped() throws RunStoppedException {
    stop.check();
  }

  private void heed(ReportResponse response) {
    if (response.getCancelRequested()) {
      stop.stop(StopReason.CANCELLED);
    }
  }

  private <T> T call(Function<TrainingServiceBlockingStub, T> call) throws RunStoppedException {
    Supplier<T> attempt =
        () -> call.apply(service.withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS));
    try {
      return retry.executeSupplier(attempt);
    } catch (StatusRuntimeException e) {
      stop.check();
      SlipwayException failure = GrpcErrors.fromException(e);
      if (failure.code() == ErrorCode.STALE_ATTEMPT) {
        throw new RunStoppedException(StopReason.STALE);
      }
      if (failure.code().isTransient()) {
        throw new RunStoppedException(StopReason.SERVICE_LOST);
      }
      throw failure;
    }
  }

  private static ErrorCode codeOf(Throwable failure) {
    SlipwayException found = GrpcErrors.find(failure);
    return found == null ? ErrorCode.INTERNAL : found.code();
  }

  /** How many attempts the pauses between them stretch over the grace. */
  static int attemptsWithin(Duration grace) {
    int attempts = 1;
    Duration pause = SHORTEST_PAUSE;
    Duration waited = Duration.ZERO;
    while (waited.compareTo(grace) < 0) {
      waited = waited.plus(pause);
      pause =
          pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
              ? pause.multipliedBy(2)
              : LONGEST_PAUSE;
      attempts++;
    }
    return attempts;
  }
}
