package io.slipway.models.training;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.models.layers.Weights;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.training.run.NonFiniteLossException;
import io.slipway.models.training.run.TrainingFiles;
import io.slipway.models.training.run.TrainingStep;
import io.slipway.models.training.settings.LoraSettings;
import io.slipway.models.training.settings.TrainingSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Trains a checkpoint for a goal. Whoever drives it takes one {@link #step} after another,
 * validates, and saves; used by one thread at a time.
 *
 * @param <E> a row, as the goal has them
 */
public final class FineTuning<E> implements AutoCloseable {

  private final ComputeExecutor executor;
  private final BaseModel base;
  private final TaskRun<E, ?> run;

  private FineTuning(ComputeExecutor executor, BaseModel base, TaskRun<E, ?> run) {
    this.executor = executor;
    this.base = base;
    this.run = run;
  }

  /**
   * Prepares a run that trains the whole model; see {@link #start(Path, Goal, List,
   * TrainingSettings, Optional, ComputeExecutor)}.
   */
  public static <E> FineTuning<E> start(
      Path base, Goal<E> goal, List<E> rows, TrainingSettings settings, ComputeExecutor executor)
      throws IOException, InterruptedException {
    return start(base, goal, rows, settings, Optional.empty(), executor);
  }

  /**
   * Prepares a run from a checkpoint in Hub layout.
   *
   * @param lora what of the model is trained; empty for all of it
   * @throws io.slipway.modelfiles.ModelFilesException when the checkpoint cannot be trained for
   *     this goal
   * @throws IllegalArgumentException when a row does not fit the goal, or the settings do not
   */
  public static <E> FineTuning<E> start(
      Path base,
      Goal<E> goal,
      List<E> rows,
      TrainingSettings settings,
      Optional<LoraSettings> lora,
      ComputeExecutor executor)
      throws IOException, InterruptedException {
    BaseModel model = new BaseModel(base, settings, lora, executor);
    boolean started = false;
    try {
      Objective<E, ?> objective = goal.begin(model);
      TaskRun<E, ?> run =
          TaskRun.of(
              objective,
              rows,
              executor,
              model.weights(),
              goal + lora.map(LoraSettings::toString).map(" through "::concat).orElse(""),
              settings);
      started = true;
      return new FineTuning<>(executor, model, run);
    } finally {
      if (!started) {
        model.close();
      }
    }
  }

  /** Steps taken so far. */
  public int stepsTaken() {
    return run.steps().stepsTaken();
  }

  public int totalSteps() {
    return run.steps().totalSteps();
  }

  public int stepsPerEpoch() {
    return run.steps().stepsPerEpoch();
  }

  public boolean finished() {
    return stepsTaken() == totalSteps();
  }

  /**
   * Takes the next step.
   *
   * @throws NonFiniteLossException when the run has diverged
   * @throws InterruptedException when interrupted before the step began; nothing has changed then
   */
  public TrainingStep step() throws InterruptedException {
    return run.steps().step();
  }

  /**
   * Measures the model as it is now; changes nothing.
   *
   * @throws IllegalArgumentException when a row does not fit the goal
   */
  public Validation validate(List<E> rows) throws InterruptedException {
    return run.validate(rows);
  }

  /** Saves the run between two steps, durably; {@link #resume} continues from it. */
  public void saveCheckpoint(Path directory) throws IOException, InterruptedException {
    run.steps().save(directory);
  }

  /**
   * Continues from a saved checkpoint of a run with the same rows, goal and settings: every later
   * loss is bit for bit that of a run that was never interrupted, on the same machine with as many
   * threads.
   *
   * @throws IllegalArgumentException when the checkpoint is incomplete or of another run
   */
  public void resume(Path directory) throws IOException, InterruptedException {
    run.steps().resume(directory);
  }

  /**
   * Writes the model as it is now: a complete checkpoint in Hub layout, under the reference's
   * weight names. Of a run with LoRA it is the adapter, in PEFT's layout, with the configuration
   * and tokenizer that it was trained for beside it.
   */
  public void saveModel(Path directory) throws IOException, InterruptedException {
    Optional<AdapterTraining> adapter = base.adapter();
    if (adapter.isEmpty()) {
      saveMerged(directory);
      return;
    }
    Files.createDirectories(directory);
    executor.call(
        () -> {
          adapter.get().save(directory, base.loaded().weights());
          return true;
        });
    saveCompanions(directory);
  }

  /**
   * Writes the model as it is now, with the adapter's changes in its weights: a complete checkpoint
   * in Hub layout.
   *
   * @throws IllegalStateException when a changed weight is shared with a layer that the adapter
   *     does not change
   */
  public void saveMerged(Path directory) throws IOException, InterruptedException {
    Files.createDirectories(directory);
    Weights weights = base.loaded().weights();
    executor.call(
        () -> {
          TrainingFiles.saveWeights(
              directory.resolve(TrainingFiles.MODEL),
              weights.parameters(),
              base.adapter()
                  .map(adapter -> adapter.changed(weights))
                  .orElse((name, tensor) -> tensor));
          return true;
        });
    saveCompanions(directory);
  }

  private void saveCompanions(Path directory) throws IOException {
    ModelConfig config = base.config().trained(base.loaded().className());
    Files.writeString(
        directory.resolve(ModelConfig.FILE), run.objective().configuration(config).toJson());
    CompanionFiles.copy(base.directory(), directory);
  }

  @Override
  public void close() {
    run.steps().close();
    base.close();
  }
}
