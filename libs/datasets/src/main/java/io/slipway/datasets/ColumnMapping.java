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
    String text, String label, Map<String, String> labelNames, String labelSeparator)
    implements RowMapping<LabelledText> {

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

  @Override
  public List<String> required() {
    return List.of(text, label);
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

  @Override
  public LabelledText apply(Row row) {
    return new LabelledText(
        row.require(text, Reason.TEXT_MISSING),
        modelLabel(
            multiLabel()
                ? row.value(label).orElse("")
                : row.requireText(label, Reason.LABEL_MISSING)));
  }

  @Override
  public String identity(Row row) {
    return row.value(text).orElse("");
  }

  /** Of several labels, the set of them as it is written. */
  @Override
  public String stratum(Row row) {
    return labels(row.value(label).orElse("")).stream().collect(Collectors.joining(labelSeparator));
  }

  @Override
  public String labelColumn() {
    return label;
  }

  @Override
  public List<String> labels(LabelledText example) {
    return labels(example.label());
  }

  /** A label may hold or not, so that one is enough where a row has any number. */
  @Override
  public int fewestLabels() {
    return multiLabel() ? 1 : 2;
  }
}
