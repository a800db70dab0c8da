package io.slipway.datasets;

import io.slipway.datasets.DatasetException.Reason;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A dataset that a model can be trained on, divided into its parts.
 *
 * @param <E> an example, as the task has them
 * @param labels of the result, by index; empty where the task has none
 * @param counts how often each of them is in each part
 */
public record FineTuneData<E>(
    DatasetFile file,
    RowMapping<E> columns,
    SplitAssignment assignment,
    LabelSet labels,
    Map<Part, SortedMap<String, Long>> counts) {

  /** Fewer rows say nothing about a model. */
  public static final int MIN_ROWS = 10;

  /**
   * Reads the whole file and checks it.
   *
   * @throws DatasetException ONE_CLASS_ONLY, TOO_MANY_CLASSES, TOO_FEW_ROWS (in total, or none for
   *     a part that the split wants), CLASS_NOT_IN_TRAIN, or as {@link DatasetFile#examples}
   */
  public static <E> FineTuneData<E> check(DatasetFile file, RowMapping<E> columns, Split split) {
    SplitAssignment assignment = split.assign(file, columns);
    Map<Part, SortedMap<String, Long>> counts = count(file, columns, assignment);
    SortedMap<String, Long> train = counts.getOrDefault(Part.TRAIN, new TreeMap<>());
    if (!columns.labelColumn().isEmpty()) {
      requireClasses(train, columns);
    }
    requireRows(assignment, split);
    if (assignment.isStratified()) {
      requireInTrain(train);
    }
    return new FineTuneData<>(file, columns, assignment, LabelSet.sorted(train.keySet()), counts);
  }

  private static <E> Map<Part, SortedMap<String, Long>> count(
      DatasetFile file, RowMapping<E> columns, SplitAssignment assignment) {
    var counts = new LabelCounts();
    if (columns.labelColumn().isEmpty()) {
      return counts.byPart();
    }
    var position = new AtomicInteger();
    try (Stream<E> examples = file.examples(columns)) {
      examples.forEach(
          example -> {
            Part part = assignment.part(position.getAndIncrement());
            columns.labels(example).forEach(label -> counts.add(part, label));
            file.requireClasses(counts.size(), columns);
          });
    }
    return counts.byPart();
  }

  private static void requireClasses(SortedMap<String, Long> train, RowMapping<?> columns) {
    if (train.isEmpty()) {
      throw new DatasetException(
          Reason.ONE_CLASS_ONLY,
          "No row has a label in column '%s'; expected one or more"
              .formatted(columns.labelColumn()));
    }
    if (train.size() < columns.fewestLabels()) {
      throw new DatasetException(
          Reason.ONE_CLASS_ONLY,
          "All rows have label '%s' in column '%s'; a classifier needs two or more classes"
              .formatted(train.firstKey(), columns.labelColumn()));
    }
  }

  private static void requireInTrain(SortedMap<String, Long> train) {
    train.forEach(
        (label, rows) -> {
          if (rows == 0) {
            throw new DatasetException(
                Reason.CLASS_NOT_IN_TRAIN,
                "No row of label '"
                    + label
                    + "' is left to train on; it shares its texts with"
                    + " other labels");
          }
        });
  }

  private static void requireRows(SplitAssignment assignment, Split split) {
    if (assignment.rowCount() < MIN_ROWS) {
      throw new DatasetException(
          Reason.TOO_FEW_ROWS,
          "The dataset has %d rows, expected at least %d"
              .formatted(assignment.rowCount(), MIN_ROWS));
    }
    requirePart(assignment, Part.VALIDATION, split.validationFraction());
    requirePart(assignment, Part.TEST, split.testFraction());
  }

  private static void requirePart(SplitAssignment assignment, Part part, double fraction) {
    if (fraction > 0 && assignment.size(part) == 0) {
      throw new DatasetException(
          Reason.TOO_FEW_ROWS,
          "%d rows are too few different texts to give the %s part any at fraction %s"
              .formatted(assignment.rowCount(), part, fraction));
    }
  }

  /** The examples of {@code part} in the file's order, with the model's labels. Must be closed. */
  public Stream<E> examples(Part part) {
    return assignment.select(part, file.examples(columns));
  }
}
