package io.slipway.datasets;

import java.util.Locale;

/** How the rows of a file are written. All are UTF-8, with or without a byte order mark. */
public enum DatasetFormat {
  /** One JSON object a line. */
  JSONL,
  /** RFC 4180, with a header. */
  CSV,
  /** Columns between tabs, with a header; quotes are ordinary characters. */
  TSV;

  /**
   * The format that {@code fileName} claims by its extension.
   *
   * @throws DatasetException UNKNOWN_FORMAT
   */
  public static DatasetFormat ofFileName(String fileName) {
    String extension = fileName.substring(fileName.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return switch (extension) {
      case "jsonl", "ndjson" -> JSONL;
      case "csv" -> CSV;
      case "tsv" -> TSV;
      default ->
          throw new DatasetException(
              DatasetException.Reason.UNKNOWN_FORMAT,
              "'" + fileName + "' is of no known format: expected .jsonl, .ndjson, .csv or .tsv");
    };
  }

  /**
   * @throws DatasetException UNKNOWN_FORMAT when the value is not set or not known
   */
  public static DatasetFormat fromProto(io.slipway.dataset.v1.DatasetFormat format) {
    return switch (format) {
      case DATASET_FORMAT_JSONL -> JSONL;
      case DATASET_FORMAT_CSV -> CSV;
      case DATASET_FORMAT_TSV -> TSV;
      case DATASET_FORMAT_UNSPECIFIED, UNRECOGNIZED ->
          throw new DatasetException(
              DatasetException.Reason.UNKNOWN_FORMAT,
              "The dataset's format is " + format + ": expected JSONL, CSV or TSV");
    };
  }

  public io.slipway.dataset.v1.DatasetFormat toProto() {
    return switch (this) {
      case JSONL -> io.slipway.dataset.v1.DatasetFormat.DATASET_FORMAT_JSONL;
      case CSV -> io.slipway.dataset.v1.DatasetFormat.DATASET_FORMAT_CSV;
      case TSV -> io.slipway.dataset.v1.DatasetFormat.DATASET_FORMAT_TSV;
    };
  }
}
