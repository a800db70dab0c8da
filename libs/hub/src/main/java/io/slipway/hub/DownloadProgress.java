package io.slipway.hub;

/** Hears how a download gets on. */
@FunctionalInterface
public interface DownloadProgress {

  DownloadProgress IGNORED = (bytes, total) -> {};

  /**
   * Called after each piece, from the downloading thread.
   *
   * @param bytes that the target holds; less than before when the hub starts again
   * @param total length of the file
   */
  void advanced(long bytes, long total);
}
