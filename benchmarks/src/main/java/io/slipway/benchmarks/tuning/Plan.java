package io.slipway.benchmarks.tuning;

import io.slipway.models.training.Goal;
import io.slipway.models.training.Schedule;
import io.slipway.models.training.TrainingSettings;
import io.slipway.models.training.Validation;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a trial trains, on what, and how it is judged.
 *
 * @param reference how the reference is told of the rows; empty where it is not asked
 * @param <E> a row
 */
record Plan<E>(
    Goal<E> goal,
    DataRows<E> rows,
    TrainingSettings settings,
    Judge<E> judge,
    Optional<ReferenceRows<E>> reference) {

  /** A model that has learned. */
  @FunctionalInterface
  interface Learned<E> {

    Validation validate(List<E> rows) throws InterruptedException;
  }

  /** Holds a model against baselines. */
  @FunctionalInterface
  interface Judge<E> {

    List<Score> judge(Learned<E> model) throws InterruptedException;
  }

  /**
   * How the reference is told of the rows.
   *
   * @param task as the script knows it
   * @param maxLength tokens at most of a text
   */
  record ReferenceRows<E>(String task, int maxLength, Function<E, ObjectNode> json) {}

  /**
   * How much is learned.
   *
   * @param steps about so many; an epoch is never broken off
   * @param batchSize rows of a step
   * @param learningRate at its peak
   * @param heldOut rows at most that the model is measured on
   */
  record Budget(int steps, int batchSize, double learningRate, int heldOut) {

    Budget times(double factor) {
      return new Budget(
          Math.max(1, (int) Math.round(steps * factor)), batchSize, learningRate, heldOut);
    }

    /** The rows that it has time for. */
    <E> DataRows<E> of(DataRows<E> rows) {
      return rows.limit(Math.multiplyExact(steps, batchSize), heldOut);
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
}
