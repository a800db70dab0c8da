package io.slipway.models.training;

import io.slipway.models.layers.Forward;
import io.slipway.models.layers.Parameter;
import io.slipway.models.layers.Weights;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Seed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * A run of optimisation steps over rows, whatever the task. All randomness is derived from the seed
 * and the step, so that weights, moments and the number of steps taken are its whole state. Used by
 * one thread at a time.
 *
 * <p>Owns the optimizer's memory, not the weights.
 */
final class TrainingRun<E> implements AutoCloseable {

  private final ComputeExecutor executor;
  private final Weights weights;
  private final Objective<E> objective;
  private final List<E> rows;
  private final TrainingSettings settings;
  private final RowOrder order;
  private final Seed dropout;
  private final int totalSteps;
  private final AdamW optimizer;
  private int step;

  TrainingRun(
      ComputeExecutor executor,
      Weights weights,
      Objective<E> objective,
      List<E> rows,
      TrainingSettings settings)
      throws IOException, InterruptedException {
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("there are no rows to train on");
    }
    Seed seed = new Seed(settings.seed());
    this.executor = executor;
    this.weights = weights;
    this.objective = objective;
    this.rows = rows;
    this.settings = settings;
    this.order =
        new RowOrder(rows.size(), settings.batchSize(), settings.shuffle(), seed.derive("order"));
    this.dropout = seed.derive("dropout");
    this.totalSteps = Math.multiplyExact(order.stepsPerEpoch(), settings.epochs());
    this.optimizer = executor.call(() -> new AdamW(weights.parameters(), settings));
  }

  int stepsTaken() {
    return step;
  }

  int totalSteps() {
    return totalSteps;
  }

  int stepsPerEpoch() {
    return order.stepsPerEpoch();
  }

  /**
   * Takes the next step.
   *
   * @throws NonFiniteLossException when the run has diverged; the weights are as before the step
   * @throws InterruptedException when it was interrupted before the step began; nothing has changed
   *     then
   */
  TrainingStep step() throws InterruptedException {
    if (step >= totalSteps) {
      throw new IllegalStateException("all %d steps have been taken".formatted(totalSteps));
    }
    List<E> batch = Arrays.stream(order.rowsOf(step)).mapToObj(rows::get).toList();
    BatchLoss loss = objective.prepare(batch);
    try {
      TrainingStep taken = executor.call(() -> optimise(loss));
      step = taken.step();
      return taken;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private TrainingStep optimise(BatchLoss batchLoss) {
    int warmup = (int) Math.ceil(totalSteps * settings.warmupRatio());
    double rate = settings.learningRate() * settings.schedule().factor(step, warmup, totalSteps);
    boolean done = false;
    try {
      double loss = backward(batchLoss);
      double norm = clip();
      optimizer.step(step + 1, rate);
      done = true;
      return new TrainingStep(
          step + 1, totalSteps, (step + 1.0) / order.stepsPerEpoch(), loss, rate, norm);
    } finally {
      if (!done) {
        dropGradients();
      }
    }
  }

  private double backward(BatchLoss batchLoss) {
    GradMode.set_enabled(true);
    try {
      Forward forward = Forward.training(executor.device(), dropout.derive(step));
      Tensor loss = batchLoss.compute(forward);
      double value = loss.item_float();
      if (!Double.isFinite(value)) {
        throw new NonFiniteLossException(step + 1, "loss", value);
      }
      loss.backward();
      return value;
    } finally {
      GradMode.set_enabled(false);
    }
  }

  private double clip() {
    Tensor[] trained =
        weights.parameters().stream()
            .map(Parameter::tensor)
            .filter(tensor -> tensor.grad().defined())
            .toArray(Tensor[]::new);
    double limit = settings.maxGradientNorm() == 0 ? Float.MAX_VALUE : settings.maxGradientNorm();
    double norm = torch.clip_grad_norm_(new TensorVector(trained), limit);
    if (!Double.isFinite(norm)) {
      throw new NonFiniteLossException(step + 1, "gradient norm", norm);
    }
    return norm;
  }

  private void dropGradients() {
    weights.parameters().forEach(parameter -> parameter.tensor().mutable_grad().reset());
  }

  /**
   * Writes everything that {@link #resume} needs; the directory is complete once its last file is
   * there.
   */
  void save(Path directory) throws IOException, InterruptedException {
    RunState state = new RunState(step, totalSteps, rows.size(), settings);
    executor.call(
        () -> {
          TrainingFiles.save(directory, weights.parameters(), optimizer, state);
          return true;
        });
  }

  /** Continues where a run with the same rows and settings was saved. */
  void resume(Path directory) throws IOException, InterruptedException {
    RunState expected = new RunState(step, totalSteps, rows.size(), settings);
    step =
        executor.call(
            () -> TrainingFiles.load(directory, weights.parameters(), optimizer, expected).step());
  }

  @Override
  public void close() {
    executor.release(optimizer::close);
  }
}
