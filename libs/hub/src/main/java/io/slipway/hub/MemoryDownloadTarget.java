package io.slipway.hub;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;

/** A small download, kept in memory. */
final class MemoryDownloadTarget implements DownloadTarget {

  private final ByteArrayOutputStream content = new ByteArrayOutputStream();

  @Override
  public long length() {
    return content.size();
  }

  @Override
  public InputStream read() {
    return new ByteArrayInputStream(content.toByteArray());
  }

  @Override
  public void append(byte[] bytes, int offset, int count) {
    content.write(bytes, offset, count);
  }

  @Override
  public void restart() {
    content.reset();
  }

  byte[] toByteArray() {
    return content.toByteArray();
  }
}
