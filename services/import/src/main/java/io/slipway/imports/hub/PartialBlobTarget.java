package io.slipway.imports.hub;

import io.slipway.artifacts.PartialBlob;
import io.slipway.hub.DownloadTarget;
import java.io.InputStream;

/** Lets a download write into the store. */
record PartialBlobTarget(PartialBlob partial) implements DownloadTarget {

  @Override
  public long length() {
    return partial.length();
  }

  @Override
  public InputStream read() {
    return partial.read();
  }

  @Override
  public void append(byte[] bytes, int offset, int count) {
    partial.append(bytes, offset, count);
  }

  @Override
  public void restart() {
    partial.restart();
  }
}
