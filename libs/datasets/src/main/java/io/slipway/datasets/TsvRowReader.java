package io.slipway.datasets;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tab-separated lines with a header. There is no quoting and no escaping, as in the GLUE files: a
 * field can hold neither a tab nor a line feed. Blank lines are skipped.
 */
final class TsvRowReader implements RowReader {

  private final Utf8Lines lines;
  private final Header header;

  TsvRowReader(Utf8Lines lines, DatasetLimits limits) {
    this.lines = lines;
    List<String> first = nextFields();
    this.header = Header.of(lines.line(), first == null ? List.of() : first, limits);
  }

  @Override
  public @Nullable Row next() {
    List<String> fields = nextFields();
    return fields == null ? null : header.row(lines.line(), fields);
  }

  private @Nullable List<String> nextFields() {
    try {
      for (String line = lines.next(); line != null; line = lines.next()) {
        String content = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
        if (!content.isEmpty()) {
          return List.of(content.split("\t", -1));
        }
      }
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public List<String> columns() {
    return header.columns();
  }

  @Override
  public void close() {
    try {
      lines.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
