package io.slipway.benchmarks.tuning;

import io.slipway.benchmarks.tuning.Budget.Stage;
import io.slipway.models.training.settings.TrainingSettings;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/**
 * Rows that a model learns, and how.
 *
 * @param rehearsed like those of the lesson before, learned among the others so that what it taught
 *     is not forgotten
 * @param <E> a row
 */
record Lesson<E>(List<E> rows, List<E> rehearsed, TrainingSettings settings) {

  Lesson {
    rows = List.copyOf(rows);
    rehearsed = List.copyOf(rehearsed);
  }

  /** With nothing to rehearse. */
  Lesson(List<E> rows, TrainingSettings settings) {
    this(rows, List.of(), settings);
  }

  /** A dataset's rows. */
  static <E> Lesson<E> tuning(DataRows<E> rows, Budget budget) {
    return rehearsing(rows, List.of(), budget);
  }

  /** A dataset's rows, with others that rehearse what was learned before. */
  static <E> Lesson<E> rehearsing(DataRows<E> rows, List<E> rehearsed, Budget budget) {
    int examples = rows.train().size() + rehearsed.size();
    return new Lesson<>(rows.train(), rehearsed, budget.tuning().settings(examples));
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

  /** All that is learned. */
  List<E> all() {
    return Stream.concat(rows.stream(), rehearsed.stream()).toList();
  }
}
