package io.slipway.benchmarks.tuning;

import io.slipway.benchmarks.tuning.Budget.Stage;
import io.slipway.models.training.TrainingSettings;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Rows that a model learns, and how.
 *
 * @param <E> a row
 */
record Lesson<E>(List<E> rows, TrainingSettings settings) {

  Lesson {
    rows = List.copyOf(rows);
  }

  /** A dataset's rows. */
  static <E> Lesson<E> tuning(DataRows<E> rows, Budget budget) {
    return new Lesson<>(rows.train(), budget.tuning().settings(rows.train().size()));
  }

  /**
   * What is learned before a dataset's rows, if there is time for it.
   *
   * @param rows makes so many of the text of training rows
   */
  static <E> Optional<Lesson<E>> pretraining(Budget budget, IntFunction<List<E>> rows) {
    return budget.pretraining().map(stage -> of(rows.apply(stage.rows()), stage));
  }

  private static <E> Lesson<E> of(List<E> rows, Stage stage) {
    return new Lesson<>(rows, stage.settings(rows.size()));
  }
}
