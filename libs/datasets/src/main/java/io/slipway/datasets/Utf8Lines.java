package io.slipway.datasets;

import io.slipway.datasets.DatasetException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a file that must be UTF-8, without their line feed; a carriage return before it is
 * kept. A byte order mark at the beginning is skipped. Holds one line in memory.
 */
final class Utf8Lines implements AutoCloseable {

  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final InputStream input;
  private final int maxLineBytes;
  private final byte[] buffer = new byte[64 * 1024];
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);
  private int position;
  private int limit;
  private long line;
  private long nextLineOffset;

  Utf8Lines(InputStream input, int maxLineBytes) {
    this.input = input;
    this.maxLineBytes = maxLineBytes;
  }

  /** Number of the line that {@link #next()} returned last, from 1. */
  long line() {
    return line;
  }

  /** The next line, or null at the end of the file. */
  @Nullable String next() throws IOException {
    var bytes = new ByteArrayOutputStream(256);
    boolean found = readLine(bytes);
    if (!found && bytes.size() == 0) {
      return null;
    }
    line++;
    long offset = nextLineOffset;
    nextLineOffset += bytes.size() + (found ? 1 : 0);
    return decode(bytes.toByteArray(), offset);
  }

  /** Collects bytes up to a line feed; false when the file ends first. */
  private boolean readLine(ByteArrayOutputStream line) throws IOException {
    while (position < limit || fill()) {
      int start = position;
      while (position < limit && buffer[position] != '\n') {
        position++;
      }
      if (line.size() + position - start > maxLineBytes) {
        throw DatasetException.at(
            this.line + 1,
            Reason.ROW_TOO_LARGE,
            "the row is longer than the limit of " + maxLineBytes + " bytes");
      }
      line.write(buffer, start, position - start);
      if (position < limit) {
        position++;
        return true;
      }
    }
    return false;
  }

  private boolean fill() throws IOException {
    position = 0;
    limit = Math.max(0, input.read(buffer));
    return limit > 0;
  }

  private String decode(byte[] bytes, long offset) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (offset == 0 && startsWithByteOrderMark(bytes)) {
      in.position(BYTE_ORDER_MARK.length);
    }
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.reset().decode(in, out, true);
    if (result.isError()) {
      throw notUtf8(
          "byte 0x%02x at offset %d is not UTF-8"
              .formatted(bytes[in.position()], offset + in.position()));
    }
    String text = out.flip().toString();
    if (text.indexOf('\0') >= 0) {
      throw notUtf8("it has a NUL character; expected UTF-8, not UTF-16 or binary data");
    }
    return text;
  }

  private static boolean startsWithByteOrderMark(byte[] bytes) {
    return bytes.length >= BYTE_ORDER_MARK.length
        && bytes[0] == BYTE_ORDER_MARK[0]
        && bytes[1] == BYTE_ORDER_MARK[1]
        && bytes[2] == BYTE_ORDER_MARK[2];
  }

  private DatasetException notUtf8(String why) {
    return DatasetException.at(line, Reason.NOT_UTF8, why);
  }

  @Override
  public void close() throws IOException {
    input.close();
  }
}
