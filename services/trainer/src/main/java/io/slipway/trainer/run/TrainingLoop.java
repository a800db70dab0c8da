package io.slipway.trainer.run;

import io.slipway.artifacts.StoredFile;
import io.slipway.finetune.v1.TrainingProgress;
import io.slipway.finetune.v1.ValidationPoint;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.models.training.EarlyStopping;
import io.slipway.models.training.FineTuning;
import io.slipway.models.training.Validation;
import io.slipway.models.training.run.TrainingStep;
import io.slipway.trainer.TrainerProperties;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes step after step, and between them validates, saves and reports when it is time.
 *
 * @param <E> a row, as the goal has them
 */
final class TrainingLoop<E> {

  private final FineTuning<E> training;
  private final PlannedData<E> data;
  private final RunSettings settings;
  private final ValidationSchedule validations;
  private final Checkpoints checkpoints;
  private final TrainingClient client;
  private final TrainerProperties.Training properties;
  private final Clock clock;
  private final ProgressMeter progress;
  private final ProgressMeter sinceValidation;
  private final int resumedFrom;
  private Instant lastCheckpoint;
  private Standing standing;

  /**
   * @param standing what the attempts before have found out
   */
  TrainingLoop(
      FineTuning<E> training,
      PlannedData<E> data,
      RunSettings settings,
      Standing standing,
      Checkpoints checkpoints,
      TrainingClient client,
      TrainerProperties.Training properties,
      Clock clock) {
    this.training = training;
    this.data = data;
    this.settings = settings;
    this.standing = standing;
    this.validations =
        new ValidationSchedule(
            settings.validationSteps(), training.stepsPerEpoch(), training.totalSteps());
    this.checkpoints = checkpoints;
    this.client = client;
    this.properties = properties;
    this.clock = clock;
    this.progress = new ProgressMeter(clock.instant());
    this.sinceValidation = new ProgressMeter(clock.instant());
    this.resumedFrom = training.stepsTaken();
    this.lastCheckpoint = clock.instant();
  }

  /** The model that the run has come to. */
  BestModel run() throws IOException, InterruptedException, RunStoppedException {
    if (training.stepsTaken() == 0) {
      reportBaseline();
    }
    while (!training.finished() && !standing.exhausted()) {
      client.checkStopped();
      TrainingStep step = training.step();
      progress.add(step.loss(), step.examples());
      sinceValidation.add(step.loss(), step.examples());
      between(step);
    }
    client.checkStopped();
    BestModel found = standing.best();
    return found != null ? found : new BestModel(null, storeModel());
  }

  private List<StoredFile> storeModel() throws IOException, InterruptedException {
    return checkpoints.storeModel(training, settings.lora().isPresent());
  }

  /** The untrained model, for comparison; it is no candidate for the result. */
  private void reportBaseline() throws InterruptedException, RunStoppedException {
    TrainingProgress none =
        TrainingProgress.newBuilder().setTotalSteps(training.totalSteps()).build();
    client.progress(none, data.validation().isEmpty() ? null : validate(0));
  }

  private void between(TrainingStep step)
      throws IOException, InterruptedException, RunStoppedException {
    Instant now = clock.instant();
    if (validations.isDue(step.step()) && !data.validation().isEmpty()) {
      ValidationPoint point = validate(step.epoch());
      standing = after(point);
      report(step, point);
      save();
    } else if (!now.isBefore(lastCheckpoint.plus(properties.checkpointInterval()))) {
      report(step, null);
      save();
    } else if (progress.isDue(now, properties.progressInterval()) || training.finished()) {
      report(step, null);
    }
  }

  private Standing after(ValidationPoint point) throws IOException, InterruptedException {
    BestModel best = standing.best();
    EarlyStopping stopping = standing.stopping();
    return new Standing(
        best == null || best.isBeatenBy(point, settings.metric())
            ? new BestModel(point, storeModel())
            : best,
        stopping == null ? null : stopping.after(settings.metric().of(point)));
  }

  private void save() throws IOException, InterruptedException, RunStoppedException {
    client.checkStopped();
    checkpoints.save(training, standing);
    lastCheckpoint = clock.instant();
  }

  private void report(TrainingStep step, @Nullable ValidationPoint validation)
      throws RunStoppedException {
    ProgressMeter.Reading reading = progress.read(clock.instant());
    client.progress(
        TrainingProgress.newBuilder()
            .setStep(step.step())
            .setTotalSteps(step.totalSteps())
            .setEpoch(step.epoch())
            .setLoss(reading.loss())
            .setLearningRate(step.learningRate())
            .setRowsPerSecond(reading.rowsPerSecond())
            .setResumedFromStep(resumedFrom)
            .build(),
        validation);
  }

  private Validation measure() throws InterruptedException {
    try {
      return training.validate(data.validation());
    } catch (IllegalArgumentException e) {
      // A row that does not fit the model, such as a question that fills its window.
      throw new SlipwayException(ErrorCode.INVALID_ARGUMENT, e.getMessage() + ".", e);
    }
  }

  private ValidationPoint validate(double epoch) throws InterruptedException {
    Validation measured = measure();
    if (!Double.isFinite(measured.loss())) {
      throw new SlipwayException(
          ErrorCode.TRAINING_DIVERGED,
          "The validation loss is "
              + measured.loss()
              + " at step "
              + training.stepsTaken()
              + ": the learning rate may be too high, or the weights or data are broken.");
    }
    return ValidationPoint.newBuilder()
        .setStep(training.stepsTaken())
        .setEpoch(epoch)
        .setTrainLoss(sinceValidation.read(clock.instant()).loss())
        .setLoss(measured.loss())
        .setAccuracy(measured.metrics().getOrDefault("accuracy", 0.0))
        .setMacroF1(measured.metrics().getOrDefault("macro_f1", 0.0))
        .putAllMetrics(measured.metrics())
        .build();
  }
}
