package io.slipway.datasets;

import io.slipway.datasets.DatasetException.Reason;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A dataset that a classifier can be trained on, divided into its parts.
 *
 * @param labels the classes of the result, by index
 * @param counts rows of each model label in each part
 */
public record FineTuneData(
    DatasetFile file,
    ColumnMapping columns,
    SplitAssignment assignment,
    LabelSet labels,
    Map<Part, SortedMap<String, Long>> counts) {

  /** Fewer rows say nothing about a model. */
  public static final int MIN_ROWS = 10;

  /**
   * Reads the whole file once and checks it.
   *
   * @throws DatasetException ONE_CLASS_ONLY, TOO_MANY_CLASSES, TOO_FEW_ROWS (in total, or none for
   *     a part that the split wants), CLASS_NOT_IN_TRAIN, or as {@link DatasetFile#examples}
   */
  public static FineTuneData check(DatasetFile file, ColumnMapping columns, Split split) {
    SplitAssignment assignment = split.assign(file, columns);
    Map<Part, SortedMap<String, Long>> counts =
        byLabel(assignment.counts(columns::modelLabel), columns);
    SortedMap<String, Long> train = counts.getOrDefault(Part.TRAIN, new TreeMap<>());
    requireClasses(train, columns);
    requireRows(assignment, split);
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
    return new FineTuneData(file, columns, assignment, LabelSet.sorted(train.keySet()), counts);
  }

  /** Rows of several labels count for each of them. */
  private static Map<Part, SortedMap<String, Long>> byLabel(
      Map<Part, SortedMap<String, Long>> byValue, ColumnMapping columns) {
    if (!columns.multiLabel()) {
      return byValue;
    }
    Map<Part, SortedMap<String, Long>> counts = new EnumMap<>(Part.class);
    byValue.forEach(
        (part, values) -> {
          SortedMap<String, Long> rows = new TreeMap<>();
          values.forEach(
              (value, count) ->
                  columns.labels(value).forEach(label -> rows.merge(label, count, Long::sum)));
          counts.put(part, rows);
        });
    return counts;
  }

  private static void requireClasses(SortedMap<String, Long> train, ColumnMapping columns) {
    if (train.isEmpty()) {
      throw new DatasetException(
          Reason.ONE_CLASS_ONLY,
          "No row has a label in column '%s'; expected one or more".formatted(columns.label()));
    }
    if (train.size() < 2 && !columns.multiLabel()) {
      throw new DatasetException(
          Reason.ONE_CLASS_ONLY,
          "All rows have label '%s' in column '%s'; a classifier needs two or more classes"
              .formatted(train.firstKey(), columns.label()));
    }
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

  /** The rows of {@code part} in the file's order, with the model's labels. Must be closed. */
  public Stream<LabelledText> examples(Part part) {
    return assignment.select(part, file.examples(columns));
  }
}
