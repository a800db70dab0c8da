package io.slipway.evaluation.data;

import io.slipway.datasets.ColumnMapping;
import io.slipway.datasets.DatasetFile;
import io.slipway.datasets.LabelledText;
import io.slipway.datasets.Part;
import io.slipway.datasets.SplitAssignment;
import io.slipway.kit.errors.DatasetRefusals;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.SlipwayException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Those rows of a dataset that are measured on, with the model's labels. */
public final class EvaluationRows {

  /** A part of a split that was made once, since making it reads the whole file. */
  record Selection(SplitAssignment assignment, Part part) {}

  private final DatasetFile file;
  private final ColumnMapping columns;
  private final @Nullable Selection selection;
  private final long maxRows;

  EvaluationRows(
      DatasetFile file, ColumnMapping columns, @Nullable Selection selection, long maxRows) {
    this.file = file;
    this.columns = columns;
    this.selection = selection;
    this.maxRows = maxRows;
  }

  /** The rows in the file's order; the stream must be closed. */
  public Stream<LabelledText> stream() {
    Stream<LabelledText> all = file.examples(columns);
    Stream<LabelledText> selected =
        selection == null ? all : selection.assignment().select(selection.part(), all);
    return maxRows == 0 ? selected : selected.limit(maxRows);
  }

  /**
   * Reads all rows and checks that the model can be right about each.
   *
   * @param labels the model's labels
   * @return how many rows there are
   * @throws SlipwayException UNKNOWN_LABEL, MALFORMED_DATASET, MISSING_COLUMN
   */
  public long check(List<String> labels) {
    Set<String> known = Set.copyOf(labels);
    long rows =
        DatasetRefusals.translating(
            () -> {
              try (Stream<LabelledText> stream = stream()) {
                return stream.mapToLong(row -> requireKnown(row.label(), known, labels)).sum();
              }
            });
    if (rows == 0) {
      throw new SlipwayException(ErrorCode.MALFORMED_DATASET, "No row is left to measure on.");
    }
    return rows;
  }

  private static int requireKnown(String label, Set<String> known, List<String> labels) {
    if (!known.contains(label)) {
      throw new SlipwayException(
          ErrorCode.UNKNOWN_LABEL,
          "The dataset has the label \"%s\", which the model does not know; its labels are %s. Map it with label_names."
              .formatted(label, String.join(", ", labels)));
    }
    return 1;
  }
}
