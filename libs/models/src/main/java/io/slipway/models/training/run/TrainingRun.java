package io.slipway.models.training.run;

import io.slipway.models.layers.pass.Forward;
import io.slipway.models.layers.pass.TrainingPass;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Scope;
import io.slipway.models.runtime.Seed;
import io.slipway.models.training.settings.TrainingSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * A run of optimisation steps over examples, whatever the task. All randomness is derived from the
 * seed and the step, so that weights, moments and the number of steps taken are its whole state.
 * Used by one thread at a time.
 *
 * <p>Owns the optimizer's memory, not the weights.
 *
 * @param <X> an example
 */
public final class TrainingRun<X> implements AutoCloseable {

  private final ComputeExecutor executor;
  private final TrainedWeights weights;
  private final Function<List<X>, Batch> batches;
  private final List<X> examples;
  private final String goal;
  private final TrainingSettings settings;
  private final RowOrder order;
  private final Seed dropout;
  private final int totalSteps;
  private final AdamW optimizer;
  private int step;

  /**
   * Prepares a run.
   *
   * @param batches turns examples into a batch
   * @param goal what distinguishes this run from others with the same settings
   */
  public TrainingRun(
      ComputeExecutor executor,
      TrainedWeights weights,
      Function<List<X>, Batch> batches,
      List<X> examples,
      String goal,
      TrainingSettings settings)
      throws IOException, InterruptedException {
    if (examples.isEmpty()) {
      throw new IllegalArgumentException("there are no rows to train on");
    }
    Seed seed = new Seed(settings.seed());
    this.executor = executor;
    this.weights = weights;
    this.batches = batches;
    this.examples = examples;
    this.goal = goal;
    this.settings = settings;
    this.order =
        new RowOrder(
            examples.size(), settings.batchSize(), settings.shuffle(), seed.derive("order"));
    this.dropout = seed.derive("dropout");
    this.totalSteps = Math.multiplyExact(order.stepsPerEpoch(), settings.epochs());
    this.optimizer = executor.call(() -> new AdamW(weights.trained(), settings));
  }

  public int stepsTaken() {
    return step;
  }

  public int totalSteps() {
    return totalSteps;
  }

  public int stepsPerEpoch() {
    return order.stepsPerEpoch();
  }

  /**
   * Takes the next step.
   *
   * @throws NonFiniteLossException when the run has diverged; the weights are as before the step
   * @throws InterruptedException when it was interrupted before the step began; nothing has changed
   *     then
   */
  public TrainingStep step() throws InterruptedException {
    if (step >= totalSteps) {
      throw new IllegalStateException("all %d steps have been taken".formatted(totalSteps));
    }
    List<X> taken = Arrays.stream(order.rowsOf(step)).mapToObj(examples::get).toList();
    List<Batch> parts = new ArrayList<>();
    for (int from = 0; from < taken.size(); from += settings.microBatch()) {
      int to = Math.min(from + settings.microBatch(), taken.size());
      parts.add(batches.apply(taken.subList(from, to)));
    }
    try {
      TrainingStep done = executor.call(() -> optimise(parts, taken.size()));
      step = done.step();
      return done;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private TrainingStep optimise(List<Batch> parts, int rows) {
    double rate =
        settings.learningRate()
            * settings.schedule().factor(step, settings.warmup(totalSteps), totalSteps);
    boolean done = false;
    try {
      double loss = finite("loss", backward(parts));
      AdamW.Update update = optimizer.update();
      double norm = finite("gradient norm", update.gradientNorm());
      update.apply(rate);
      done = true;
      return new TrainingStep(
          step + 1, totalSteps, (step + 1.0) / order.stepsPerEpoch(), rows, loss, rate, norm);
    } finally {
      if (!done) {
        dropGradients();
      }
    }
  }

  /** Losses are read only when all parts were given to the device, so that it need not wait. */
  private double backward(List<Batch> parts) {
    double counted = parts.stream().mapToDouble(Batch::items).sum();
    double items = counted == 0 ? 1 : counted;
    List<Tensor> losses = new ArrayList<>();
    GradMode.set_enabled(true);
    try {
      for (int i = 0; i < parts.size(); i++) {
        Batch part = parts.get(i);
        Seed seed = dropout.derive(step).derive(i);
        losses.add(Scope.result(() -> backward(part, items, seed)));
      }
    } finally {
      GradMode.set_enabled(false);
    }
    return losses.stream().mapToDouble(Tensor::item_float).sum();
  }

  private Tensor backward(Batch part, double items, Seed seed) {
    Forward forward =
        Forward.training(
            new TrainingPass(
                executor.device(),
                seed,
                settings.precision(),
                settings.gradientCheckpointing(),
                weights.adapter()));
    Tensor loss = forward.compute(() -> part.lossSum().apply(forward)).div(new Scalar(items));
    forward.backward(loss);
    return loss.detach();
  }

  private double finite(String what, double value) {
    if (!Double.isFinite(value)) {
      throw new NonFiniteLossException(step + 1, what, value);
    }
    return value;
  }

  private void dropGradients() {
    weights.trained().forEach(parameter -> parameter.tensor().mutable_grad().reset());
  }

  /**
   * Writes everything that {@link #resume} needs; the directory is complete once its last file is
   * there.
   */
  public void save(Path directory) throws IOException, InterruptedException {
    executor.call(
        () -> {
          TrainingFiles.save(directory, weights.state(), weights.trained(), optimizer, state());
          return true;
        });
  }

  /** Continues where a run with the same examples, goal and settings was saved. */
  public void resume(Path directory) throws IOException, InterruptedException {
    step =
        executor.call(
            () ->
                TrainingFiles.load(
                        directory, weights.state(), weights.trained(), optimizer, state())
                    .step());
  }

  private RunState state() {
    return new RunState(step, totalSteps, examples.size(), goal, settings);
  }

  @Override
  public void close() {
    executor.release(optimizer::close);
  }
}
