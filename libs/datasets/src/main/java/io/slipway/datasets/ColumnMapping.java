package io.slipway.datasets;

import io.slipway.datasets.DatasetException.Reason;
import java.util.List;
import java.util.Map;

/**
 * Which columns of a dataset play which part.
 *
 * @param text column with the input text
 * @param label column with the class label
 * @param labelNames dataset label to model label where they differ; others stay as they are
 */
public record ColumnMapping(String text, String label, Map<String, String> labelNames) {

  /**
   * @throws DatasetException INVALID_MAPPING when a column is not named, or one is named twice
   */
  public ColumnMapping {
    if (text.isEmpty() || label.isEmpty()) {
      throw new DatasetException(
          Reason.INVALID_MAPPING,
          "The column mapping has text '%s' and label '%s': expected the names of two columns"
              .formatted(text, label));
    }
    if (text.equals(label)) {
      throw new DatasetException(
          Reason.INVALID_MAPPING, "Column '" + text + "' cannot be both the text and the label");
    }
    labelNames = Map.copyOf(labelNames);
  }

  public ColumnMapping(String text, String label) {
    this(text, label, Map.of());
  }

  /**
   * @throws DatasetException INVALID_MAPPING
   */
  public static ColumnMapping fromProto(io.slipway.dataset.v1.ColumnMapping mapping) {
    return new ColumnMapping(mapping.getText(), mapping.getLabel(), mapping.getLabelNamesMap());
  }

  public io.slipway.dataset.v1.ColumnMapping toProto() {
    return io.slipway.dataset.v1.ColumnMapping.newBuilder()
        .setText(text)
        .setLabel(label)
        .putAllLabelNames(labelNames)
        .build();
  }

  /**
   * Checks that a dataset with {@code columns} has both columns.
   *
   * @throws DatasetException MISSING_COLUMN with the columns that there are
   */
  public void requireIn(List<String> columns) {
    for (String wanted : List.of(text, label)) {
      if (!columns.contains(wanted)) {
        throw new DatasetException(
            Reason.MISSING_COLUMN, "The dataset has no column '" + wanted + "'; it has " + columns);
      }
    }
  }

  /** The model's name for a label of the dataset. */
  public String modelLabel(String datasetLabel) {
    return labelNames.getOrDefault(datasetLabel, datasetLabel);
  }

  /** The same columns with the dataset's own labels. */
  ColumnMapping withoutLabelNames() {
    return new ColumnMapping(text, label);
  }

  LabelledText apply(Row row) {
    String input =
        row.value(text)
            .orElseThrow(
                () ->
                    DatasetException.at(
                        row.line(), Reason.TEXT_MISSING, "the row has no '" + text + "'"));
    String labelOfRow = row.value(label).orElse("");
    if (labelOfRow.isBlank()) {
      throw DatasetException.at(row.line(), Reason.LABEL_MISSING, "the row has no '" + label + "'");
    }
    return new LabelledText(input, modelLabel(labelOfRow));
  }
}
