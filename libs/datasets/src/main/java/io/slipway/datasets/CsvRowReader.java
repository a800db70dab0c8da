package io.slipway.datasets;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.slipway.datasets.DatasetException.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Comma-separated records after RFC 4180, with a header; blank lines are skipped. */
final class CsvRowReader implements RowReader {

  private final CsvReader<CsvRecord> csv;
  private final Iterator<CsvRecord> records;
  private final Header header;
  private final int maxRowBytes;
  private long lastLine;
  private boolean ended;

  CsvRowReader(Utf8Lines lines, DatasetLimits limits) {
    this.maxRowBytes = limits.maxRowBytes();
    this.csv =
        CsvReader.builder()
            .maxBufferSize(limits.maxRowBytes())
            .allowExtraFields(true)
            .allowMissingFields(true)
            .ofCsvRecord(new LinesAsText(lines));
    this.records = csv.iterator();
    CsvRecord first = nextRecord();
    this.header = Header.of(1, first == null ? List.of() : first.getFields(), limits);
  }

  @Override
  public @Nullable Row next() {
    CsvRecord next = nextRecord();
    return next == null ? null : header.row(next.getStartingLineNumber(), next.getFields());
  }

  private @Nullable CsvRecord nextRecord() {
    if (ended) {
      return null;
    }
    try {
      CsvRecord next = records.next();
      lastLine = next.getStartingLineNumber();
      ended = next.getField(0).equals(LinesAsText.END);
      if (!ended && next.getField(next.getFieldCount() - 1).endsWith(LinesAsText.END)) {
        throw malformed(lastLine, "a quoted field is never closed");
      }
      return ended ? null : next;
    } catch (CsvParseException e) {
      throw explain(e);
    }
  }

  /** The parser wraps whatever its input or its own limit throws. */
  private DatasetException explain(CsvParseException e) {
    if (e.getCause() instanceof DatasetException refused) {
      return refused;
    }
    Throwable root = e.getCause() == null ? e : e.getCause();
    String why = String.valueOf(root.getMessage());
    return why.contains("maximum buffer size")
        ? DatasetException.at(
            lastLine + 1,
            Reason.ROW_TOO_LARGE,
            "the row is longer than the limit of " + maxRowBytes + " bytes")
        : malformed(lastLine + 1, "the row cannot be read: " + why);
  }

  private static DatasetException malformed(long line, String why) {
    return DatasetException.at(line, Reason.MALFORMED_ROW, why);
  }

  @Override
  public List<String> columns() {
    return header.columns();
  }

  @Override
  public void close() {
    try {
      csv.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
