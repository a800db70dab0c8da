package io.slipway.gateway.datasets;

import io.slipway.dataset.v1.DatasetFormat;
import io.slipway.gateway.errors.HttpError;
import io.slipway.kit.errors.SlipwayException;
import java.util.Locale;

/** The format of an uploaded file: as said, else by its media type, else by its name. */
final class FileFormat {

  private FileFormat() {}

  static DatasetFormat of(UploadedFile file) {
    String said = file.field("format");
    if (!said.isEmpty()) {
      return said(said);
    }
    DatasetFormat byType = byType(file.contentType());
    if (byType != DatasetFormat.DATASET_FORMAT_UNSPECIFIED) {
      return byType;
    }
    DatasetFormat byName = byName(file.fileName().toLowerCase(Locale.ROOT));
    if (byName != DatasetFormat.DATASET_FORMAT_UNSPECIFIED) {
      return byName;
    }
    throw HttpError.unsupportedMediaType(
        file.contentType().isEmpty() ? "unknown" : file.contentType(),
        "text/csv, text/tab-separated-values or application/x-ndjson, or the parameter format"
            + " must be csv, tsv or jsonl");
  }

  private static DatasetFormat said(String format) {
    return switch (format.toLowerCase(Locale.ROOT)) {
      case "csv", "dataset_format_csv" -> DatasetFormat.DATASET_FORMAT_CSV;
      case "tsv", "dataset_format_tsv" -> DatasetFormat.DATASET_FORMAT_TSV;
      case "jsonl", "dataset_format_jsonl" -> DatasetFormat.DATASET_FORMAT_JSONL;
      default ->
          throw SlipwayException.invalid(
              "Parameter \"format\" is \"" + format + "\"; it must be csv, tsv or jsonl.");
    };
  }

  private static DatasetFormat byType(String contentType) {
    return switch (contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT)) {
      case "text/csv" -> DatasetFormat.DATASET_FORMAT_CSV;
      case "text/tab-separated-values" -> DatasetFormat.DATASET_FORMAT_TSV;
      case "application/x-ndjson", "application/jsonl", "application/x-jsonlines" ->
          DatasetFormat.DATASET_FORMAT_JSONL;
      default -> DatasetFormat.DATASET_FORMAT_UNSPECIFIED;
    };
  }

  private static DatasetFormat byName(String name) {
    if (name.endsWith(".csv")) {
      return DatasetFormat.DATASET_FORMAT_CSV;
    }
    if (name.endsWith(".tsv")) {
      return DatasetFormat.DATASET_FORMAT_TSV;
    }
    return name.endsWith(".jsonl") || name.endsWith(".ndjson")
        ? DatasetFormat.DATASET_FORMAT_JSONL
        : DatasetFormat.DATASET_FORMAT_UNSPECIFIED;
  }
}
