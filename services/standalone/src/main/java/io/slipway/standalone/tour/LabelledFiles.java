package io.slipway.standalone.tour;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.slipway.dataset.v1.ColumnMapping;
import io.slipway.standalone.platform.PlatformException;
import io.slipway.standalone.tour.TourPlan.LabelledFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Guesses which column of a user's file is the text and which the label, from its first rows. */
final class LabelledFiles {

  private static final int ROWS_LOOKED_AT = 500;
  private static final String JSONL = "application/x-ndjson";
  private static final String CSV = "text/csv";
  private static final String TSV = "text/tab-separated-values";

  private LabelledFiles() {}

  /**
   * @param text the text's column, guessed when null: the one with the longest values
   * @param label the label's column, guessed when null: of the others, the one with the fewest
   *     different values
   */
  static LabelledFile of(Path file, @Nullable String text, @Nullable String label) {
    return labelled(file, rows(file), text, label);
  }

  /** The first text of a file. */
  static String sampleText(LabelledFile file) {
    return rows(file.path()).getFirst().getOrDefault(file.columns().getText(), "");
  }

  private static List<Map<String, String>> rows(Path file) {
    try {
      return switch (contentType(file)) {
        case JSONL -> jsonRows(file);
        case CSV -> csvRows(file, ',');
        default -> csvRows(file, '\t');
      };
    } catch (IOException | JacksonException e) {
      throw new PlatformException("The file " + file + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static String contentType(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".jsonl") || name.endsWith(".ndjson")) {
      return JSONL;
    }
    if (name.endsWith(".csv")) {
      return CSV;
    }
    if (name.endsWith(".tsv")) {
      return TSV;
    }
    throw new PlatformException(
        "The name of " + file + " must end in .jsonl, .csv or .tsv, so that its format is known.");
  }

  private static LabelledFile labelled(
      Path file, List<Map<String, String>> rows, @Nullable String text, @Nullable String label) {
    if (rows.isEmpty()) {
      throw new PlatformException("The file " + file + " has no rows.");
    }
    Set<String> columns = rows.getFirst().keySet();
    String textColumn =
        text != null
            ? text
            : columns.stream()
                .max(Comparator.comparingDouble(c -> meanLength(rows, c)))
                .orElseThrow();
    String labelColumn =
        label != null
            ? label
            : columns.stream()
                .filter(c -> !c.equals(textColumn))
                .min(Comparator.comparingLong(c -> different(rows, c)))
                .orElseThrow(
                    () ->
                        new PlatformException(
                            "The file "
                                + file
                                + " has only the column "
                                + columns
                                + "; a label is needed too."));
    return new LabelledFile(
        file,
        contentType(file),
        ColumnMapping.newBuilder().setText(textColumn).setLabel(labelColumn).build());
  }

  private static double meanLength(List<Map<String, String>> rows, String column) {
    return rows.stream().mapToInt(r -> r.getOrDefault(column, "").length()).average().orElse(0);
  }

  private static long different(List<Map<String, String>> rows, String column) {
    return new HashSet<>(rows.stream().map(r -> r.getOrDefault(column, "")).toList()).size();
  }

  private static List<Map<String, String>> jsonRows(Path file) throws IOException {
    JsonMapper json = JsonMapper.shared();
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> !line.isBlank())
          .limit(ROWS_LOOKED_AT)
          .map(
              line -> {
                Map<String, String> row = new LinkedHashMap<>();
                json.readTree(line)
                    .properties()
                    .forEach(p -> row.put(p.getKey(), p.getValue().asString("")));
                return row;
              })
          .toList();
    }
  }

  private static List<Map<String, String>> csvRows(Path file, char separator) throws IOException {
    try (CsvReader<NamedCsvRecord> reader =
            CsvReader.builder().fieldSeparator(separator).ofNamedCsvRecord(file);
        Stream<NamedCsvRecord> rows = reader.stream()) {
      return rows.limit(ROWS_LOOKED_AT).map(NamedCsvRecord::getFieldsAsMap).toList();
    }
  }
}
