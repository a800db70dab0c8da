package io.slipway.finetune.training;

import io.slipway.common.v1.ArtifactFile;
import io.slipway.finetune.v1.Checkpoint;
import io.slipway.finetune.v1.FineTuneJob;
import io.slipway.finetune.v1.FineTuneRun;
import io.slipway.finetune.v1.TrainingFailure;
import io.slipway.finetune.v1.TrainingProgress;
import io.slipway.finetune.v1.TrainingResult;
import io.slipway.finetune.v1.ValidationPoint;
import java.util.List;
import java.util.Optional;

/** How the record of a run changes with what its trainer reports. */
final class RunRecord {

  private RunRecord() {}

  /**
   * A trainer begins, at the last checkpoint if there is one; what an earlier attempt has reported
   * beyond it will be reported again.
   */
  static FineTuneRun begun(FineTuneRun run) {
    if (run.hasResult()) {
      return run;
    }
    int from = run.getCheckpoint().getStep();
    FineTuneJob.Builder outputs = run.getOutputs().toBuilder();
    List<ValidationPoint> kept =
        run.hasCheckpoint()
            ? outputs.getValidationsList().stream().filter(v -> v.getStep() <= from).toList()
            : List.of();
    outputs.clearValidations().addAllValidations(kept).clearProgress();
    if (run.hasCheckpoint()) {
      outputs.setProgress(
          TrainingProgress.newBuilder()
              .setStep(from)
              .setTotalSteps(run.getOutputs().getProgress().getTotalSteps())
              .setResumedFromStep(from));
    }
    return run.toBuilder().setOutputs(outputs).clearFailure().build();
  }

  /** Late progress does not touch a run that has its result. */
  static FineTuneRun progressed(
      FineTuneRun run, TrainingProgress progress, Optional<ValidationPoint> validation) {
    if (run.hasResult()) {
      return run;
    }
    FineTuneJob.Builder outputs = run.getOutputs().toBuilder();
    if (progress.getStep() >= outputs.getProgress().getStep()) {
      outputs.setProgress(progress);
    }
    validation
        .filter(
            point ->
                outputs.getValidationsList().stream()
                    .noneMatch(v -> v.getStep() == point.getStep()))
        .ifPresent(outputs::addValidations);
    return run.toBuilder().setOutputs(outputs).build();
  }

  /** An older checkpoint does not take the place of a newer one. */
  static FineTuneRun checkpointed(FineTuneRun run, Checkpoint checkpoint) {
    boolean older = run.hasCheckpoint() && checkpoint.getStep() < run.getCheckpoint().getStep();
    return run.hasResult() || older ? run : run.toBuilder().setCheckpoint(checkpoint).build();
  }

  /** The first result stands. */
  static FineTuneRun finished(
      FineTuneRun run, List<ArtifactFile> files, Optional<ValidationPoint> best) {
    if (run.hasResult()) {
      return run;
    }
    TrainingResult.Builder result = TrainingResult.newBuilder().addAllFiles(files);
    best.ifPresent(result::setBest);
    return run.toBuilder().setResult(result).build();
  }

  static FineTuneRun failed(FineTuneRun run, int attempt, String reason, String message) {
    if (run.hasResult()) {
      return run;
    }
    return run.toBuilder()
        .setFailure(
            TrainingFailure.newBuilder().setAttempt(attempt).setReason(reason).setMessage(message))
        .build();
  }
}
