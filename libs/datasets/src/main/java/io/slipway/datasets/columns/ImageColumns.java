package io.slipway.datasets.columns;

import io.slipway.datasets.DatasetException;
import io.slipway.datasets.DatasetException.Reason;
import io.slipway.datasets.Row;
import io.slipway.datasets.RowMapping;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Columns for image classification.
 *
 * @param image column with an image file in base64, or as a data URL (RFC 2397)
 * @param labelNames dataset label to model label where they differ; others stay as they are
 */
public record ImageColumns(String image, String label, Map<String, String> labelNames)
    implements RowMapping<LabelledImage> {

  private static final Pattern DATA_URL =
      Pattern.compile("data:image/[\\w.+-]+;base64,", Pattern.CASE_INSENSITIVE);

  public ImageColumns {
    labelNames = Map.copyOf(labelNames);
  }

  /**
   * @throws DatasetException INVALID_MAPPING
   */
  public static ImageColumns fromProto(io.slipway.dataset.v1.ColumnMapping mapping) {
    return new ImageColumns(
        ColumnRole.IMAGE.require(mapping),
        ColumnRole.LABEL.require(mapping),
        mapping.getLabelNamesMap());
  }

  @Override
  public List<String> required() {
    return List.of(image, label);
  }

  @Override
  public LabelledImage apply(Row row) {
    String encoded = row.requireText(image, Reason.TEXT_MISSING).strip();
    String given = row.requireText(label, Reason.LABEL_MISSING);
    return new LabelledImage(decode(row, encoded), labelNames.getOrDefault(given, given));
  }

  private byte[] decode(Row row, String encoded) {
    Matcher url = DATA_URL.matcher(encoded);
    String base64 = url.lookingAt() ? encoded.substring(url.end()) : encoded;
    try {
      return Base64.getDecoder().decode(base64.replaceAll("\\s", ""));
    } catch (IllegalArgumentException e) {
      throw CellValues.wrong(row, image, encoded, "an image in base64, or as a data URL");
    }
  }

  @Override
  public String identity(Row row) {
    return row.value(image).orElse("");
  }

  @Override
  public String stratum(Row row) {
    return row.value(label).orElse("");
  }

  @Override
  public String labelColumn() {
    return label;
  }

  @Override
  public List<String> labels(LabelledImage example) {
    return List.of(example.label());
  }
}
