package io.slipway.hub.server;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a {@code Range} header asks of a file (RFC 9110, section 14). */
sealed interface ByteRange {

  Pattern SINGLE = Pattern.compile("bytes=\\s*(\\d{0,18})-(\\d{0,18})\\s*");

  /** No range, or several, which a server may answer with everything. */
  record Whole() implements ByteRange {}

  /** From the first to the last byte, both included. */
  record Part(long first, long last) implements ByteRange {}

  /** A range that the file does not have. */
  record Outside() implements ByteRange {}

  static ByteRange of(String header, long size) {
    Matcher range = SINGLE.matcher(header);
    if (!range.matches() || (range.group(1).isEmpty() && range.group(2).isEmpty())) {
      return new Whole();
    }
    if (range.group(1).isEmpty()) {
      long suffix = Math.min(size, Long.parseLong(range.group(2)));
      return suffix == 0 ? new Outside() : new Part(size - suffix, size - 1);
    }
    long first = Long.parseLong(range.group(1));
    long last = range.group(2).isEmpty() ? size - 1 : Long.parseLong(range.group(2));
    if (last < first && first < size) {
      return new Whole();
    }
    return first >= size ? new Outside() : new Part(first, Math.min(last, size - 1));
  }
}
