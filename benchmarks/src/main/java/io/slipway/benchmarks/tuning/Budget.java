package io.slipway.benchmarks.tuning;

import io.slipway.models.training.settings.Schedule;
import io.slipway.models.training.settings.TrainingSettings;
import java.util.Optional;

/**
 * How much is learned.
 *
 * @param pretraining what comes before; empty where the dataset alone is learned
 * @param tuning of the dataset's rows
 * @param heldOut rows at most that the model is measured on
 */
record Budget(Optional<Stage> pretraining, Stage tuning, int heldOut) {

  /**
   * A training.
   *
   * @param steps about so many; an epoch is never broken off
   * @param batchSize rows of a step
   * @param learningRate at its peak
   */
  record Stage(int steps, int batchSize, double learningRate) {

    private Stage times(double factor) {
      return new Stage(Math.max(1, (int) Math.round(steps * factor)), batchSize, learningRate);
    }

    /** Rows that it has time for. */
    int rows() {
      return Math.multiplyExact(steps, batchSize);
    }

    /** What the reference's trainer does, with a rate for small models that know nothing. */
    TrainingSettings settings(int examples) {
      int stepsPerEpoch = Math.ceilDiv(Math.max(1, examples), batchSize);
      return TrainingSettings.defaults()
          .with()
          .epochs(Math.max(1, Math.round((float) steps / stepsPerEpoch)))
          .batchSize(batchSize)
          .learningRate(learningRate)
          .schedule(Schedule.LINEAR)
          .warmupRatio(0.1)
          .settings();
    }
  }

  /** Without pretraining. */
  Budget(int steps, int batchSize, double learningRate, int heldOut) {
    this(Optional.empty(), new Stage(steps, batchSize, learningRate), heldOut);
  }

  /** The same after a pretraining. */
  Budget after(Stage first) {
    return new Budget(Optional.of(first), tuning, heldOut);
  }

  Budget times(double factor) {
    return new Budget(pretraining.map(stage -> stage.times(factor)), tuning.times(factor), heldOut);
  }

  /** The rows that it has time for. */
  <E> DataRows<E> of(DataRows<E> rows) {
    return rows.limit(tuning.rows(), heldOut);
  }
}
