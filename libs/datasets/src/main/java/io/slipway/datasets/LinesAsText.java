package io.slipway.datasets;

import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/**
 * The checked lines of a file as the characters that a CSV parser wants, followed by one line of
 * its own. A parser that does not return that line as a record has run to the end of the file
 * inside a quoted field that nobody closed.
 */
final class LinesAsText extends Reader {

  /** A noncharacter, which no text has a reason to contain. */
  static final String END = "\uFFFF";

  private final Utf8Lines lines;
  private @Nullable String current = "";
  private int position;
  private boolean ended;

  LinesAsText(Utf8Lines lines) {
    this.lines = lines;
  }

  @Override
  public int read(char[] target, int offset, int length) throws IOException {
    if (current != null && position == current.length()) {
      current = nextLine();
      position = 0;
    }
    if (current == null) {
      return -1;
    }
    int count = Math.min(length, current.length() - position);
    current.getChars(position, position + count, target, offset);
    position += count;
    return count;
  }

  private @Nullable String nextLine() throws IOException {
    String line = lines.next();
    if (line == null && !ended) {
      ended = true;
      return END;
    }
    return line == null ? null : line + "\n";
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
