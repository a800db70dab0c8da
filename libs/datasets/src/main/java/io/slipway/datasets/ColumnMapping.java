package io.slipway.datasets;

import io.slipway.datasets.DatasetException.Reason;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which columns of a dataset play which part.
 *
 * @param text column with the input text
 * @param label column with the class label
 * @param labelNames dataset label to model label where they differ; others stay as they are
 * @param labelSeparator between the labels of a row, which may have any number; empty when each row
 *     has exactly one
 */
public record ColumnMapping(
    String text, String label, Map<String, String> labelNames, String labelSeparator) {

  /**
   * @throws DatasetException INVALID_MAPPING when a column is not named, one is named twice, or a
   *     label's name contains the separator
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
    if (!labelSeparator.isEmpty()
        && labelNames.values().stream().anyMatch(name -> name.contains(labelSeparator))) {
      throw new DatasetException(
          Reason.INVALID_MAPPING,
          "The label names %s contain the label separator '%s': expected names without it"
              .formatted(labelNames.values(), labelSeparator));
    }
    labelNames = Map.copyOf(labelNames);
  }

  /** Each row has exactly one label. */
  public ColumnMapping(String text, String label, Map<String, String> labelNames) {
    this(text, label, labelNames, "");
  }

  public ColumnMapping(String text, String label) {
    this(text, label, Map.of());
  }

  /**
   * @throws DatasetException INVALID_MAPPING
   */
  public static ColumnMapping fromProto(io.slipway.dataset.v1.ColumnMapping mapping) {
    return new ColumnMapping(
        mapping.getText(),
        mapping.getLabel(),
        mapping.getLabelNamesMap(),
        mapping.getLabelSeparator());
  }

  public io.slipway.dataset.v1.ColumnMapping toProto() {
    return io.slipway.dataset.v1.ColumnMapping.newBuilder()
        .setText(text)
        .setLabel(label)
        .putAllLabelNames(labelNames)
        .setLabelSeparator(labelSeparator)
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

  /** Whether a row may have any number of labels. */
  public boolean multiLabel() {
    return !labelSeparator.isEmpty();
  }

  /** The labels in a value of the label's column: exactly one, unless this is multi-label. */
  public List<String> labels(String value) {
    if (!multiLabel()) {
      return List.of(value);
    }
    return Arrays.stream(value.split(Pattern.quote(labelSeparator), -1))
        .map(String::strip)
        .filter(found -> !found.isEmpty())
        .distinct()
        .toList();
  }

  /** The model's name for a label of the dataset, or its names for several. */
  public String modelLabel(String datasetLabel) {
    return labels(datasetLabel).stream()
        .map(name -> labelNames.getOrDefault(name, name))
        .distinct()
        .collect(Collectors.joining(labelSeparator));
  }

  /** The same columns with the dataset's own labels. */
  ColumnMapping withoutLabelNames() {
    return new ColumnMapping(text, label, Map.of(), labelSeparator);
  }

  LabelledText apply(Row row) {
    String input =
        row.value(text)
            .orElseThrow(
                () ->
                    DatasetException.at(
                        row.line(), Reason.TEXT_MISSING, "the row has no '" + text + "'"));
    String labelOfRow = row.value(label).orElse("");
    if (labelOfRow.isBlank() && !multiLabel()) {
      throw DatasetException.at(row.line(), Reason.LABEL_MISSING, "the row has no '" + label + "'");
    }
    return new LabelledText(input, modelLabel(labelOfRow));
  }
}
