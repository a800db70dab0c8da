package io.slipway.hub;

import java.io.IOException;
import java.io.InputStream;

/**
 * Where a download goes; it may already hold the beginning of the file from an earlier attempt.
 * Used by one thread. Belongs to the caller, who makes the content visible after the download
 * returned.
 */
public interface DownloadTarget {

  /** How many bytes it holds. */
  long length() throws IOException;

  /** What it holds, to go on with a checksum; the client closes the stream. */
  InputStream read() throws IOException;

  /** Adds {@code count} bytes at the end. */
  void append(byte[] bytes, int offset, int count) throws IOException;

  /** Drops what it holds: the hub starts at the beginning, or the bytes were wrong. */
  void restart() throws IOException;
}
