package io.slipway.benchmarks.tuning;

import io.slipway.models.training.Goal;
import io.slipway.models.training.Validation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a trial trains, on what, and how it is judged.
 *
 * @param pretraining what the model learns first, of text of the training rows
 * @param reference how the reference is told of the rows
 * @param <E> a row
 */
record Plan<E>(
    Goal<E> goal,
    Optional<Lesson<E>> pretraining,
    Lesson<E> tuning,
    List<E> heldOut,
    Judge<E> judge,
    ReferenceRows<E> reference) {

  Plan {
    heldOut = List.copyOf(heldOut);
  }

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
   * @param limits as the script knows them, in tokens
   */
  record ReferenceRows<E>(String task, Map<String, Integer> limits, Function<E, ObjectNode> json) {}
}
