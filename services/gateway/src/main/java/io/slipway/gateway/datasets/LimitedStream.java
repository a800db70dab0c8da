package io.slipway.gateway.datasets;

import io.slipway.gateway.errors.HttpError;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.springframework.util.unit.DataSize;

/** Refuses to go on reading beyond a limit. */
final class LimitedStream extends FilterInputStream {

  private final DataSize limit;
  private long read;

  LimitedStream(InputStream in, DataSize limit) {
    super(in);
    this.limit = limit;
  }

  @Override
  public int read() throws IOException {
    int value = super.read();
    if (value >= 0) {
      count(1);
    }
    return value;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int count = super.read(buffer, offset, length);
    if (count > 0) {
      count(count);
    }
    return count;
  }

  @Override
  public long skip(long count) throws IOException {
    long skipped = super.skip(count);
    count(skipped);
    return skipped;
  }

  private void count(long bytes) {
    read += bytes;
    if (read > limit.toBytes()) {
      throw HttpError.tooLarge("more", limit);
    }
  }
}
