package io.slipway.datasets;

import io.slipway.datasets.DatasetException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A user's file. Rows are streamed: memory does not grow with the file. Streams must be closed;
 * every method and every stream may throw {@link DatasetException}.
 */
public record DatasetFile(Path path, DatasetFormat format, DatasetLimits limits) {

  public DatasetFile(Path path, DatasetFormat format) {
    this(path, format, DatasetLimits.DEFAULT);
  }

  /**
   * Reads the whole file, and so checks that all of it can be read.
   *
   * @throws DatasetException NOT_UTF8, EMPTY_DATASET, MALFORMED_HEADER, MALFORMED_ROW,
   *     ROW_TOO_LARGE, TOO_MANY_COLUMNS or UNREADABLE
   */
  public DatasetSummary inspect() {
    try (RowReader reader = open()) {
      long count = 0;
      while (reader.next() != null) {
        count++;
      }
      requireRows(count);
      return new DatasetSummary(reader.columns(), count);
    } catch (UncheckedIOException e) {
      throw unreadable(e);
    }
  }

  /** All rows in order; the stream fails as {@link #inspect()} does. */
  public Stream<Row> rows() {
    return new RowStream(this).stream();
  }

  /**
   * All rows in order as examples of a task.
   *
   * @throws DatasetException MISSING_COLUMN, TEXT_MISSING, LABEL_MISSING, WRONG_VALUE, or as {@link
   *     #inspect()}
   */
  public <E> Stream<E> examples(RowMapping<E> columns) {
    return rows(columns).map(columns::apply);
  }

  /**
   * Looks closer at each row than its columns do.
   *
   * @param problem what is wrong with an example, if anything
   * @throws DatasetException WRONG_VALUE with the line of the first row that has a problem, or as
   *     {@link #examples}
   */
  public <E> void requireAll(RowMapping<E> columns, Function<E, Optional<String>> problem) {
    try (Stream<Row> rows = rows(columns)) {
      rows.forEach(
          row ->
              problem
                  .apply(columns.apply(row))
                  .ifPresent(
                      why -> {
                        throw row.refused(Reason.WRONG_VALUE, why);
                      }));
    }
  }

  /** All rows in order; fails at the first when the file does not have the columns. */
  Stream<Row> rows(RowMapping<?> columns) {
    return new RowStream(this).requiring(columns).stream();
  }

  /**
   * How many rows each label has, in the order of {@link LabelSet}.
   *
   * @throws DatasetException TOO_MANY_CLASSES, or as {@link #examples}
   */
  public SortedMap<String, Long> labelCounts(ColumnMapping columns) {
    var counts = new TreeMap<String, Long>();
    try (Stream<LabelledText> examples = examples(columns)) {
      examples.forEach(
          example -> {
            counts.merge(example.label(), 1L, Long::sum);
            requireClasses(counts.size(), columns);
          });
    }
    var ordered = new TreeMap<String, Long>(LabelSet.order(counts.keySet()));
    ordered.putAll(counts);
    return ordered;
  }

  RowReader open() {
    try {
      return open(Files.newInputStream(path));
    } catch (IOException | UncheckedIOException e) {
      throw unreadable(e);
    }
  }

  private RowReader open(InputStream input) throws IOException {
    var lines = new Utf8Lines(input, limits.maxRowBytes());
    try {
      return switch (format) {
        case JSONL -> new JsonlRowReader(lines, limits);
        case CSV -> new CsvRowReader(lines, limits);
        case TSV -> new TsvRowReader(lines, limits);
      };
    } catch (RuntimeException e) {
      lines.close();
      throw e;
    }
  }

  void requireRows(long count) {
    if (count == 0) {
      throw new DatasetException(Reason.EMPTY_DATASET, "The dataset has no rows");
    }
  }

  void requireClasses(int count, RowMapping<?> columns) {
    if (count > limits.maxClasses()) {
      throw new DatasetException(
          Reason.TOO_MANY_CLASSES,
          "Column '%s' has more than %d distinct labels; is it the label column?"
              .formatted(columns.labelColumn(), limits.maxClasses()));
    }
  }

  DatasetException unreadable(Exception cause) {
    return DatasetException.unreadable(path + " cannot be read: " + cause.getMessage(), cause);
  }
}
