package io.slipway.imports.hub;

/**
 * How far a download is.
 *
 * @param bytesDone counts what earlier attempts have brought, too
 */
public record FetchProgress(long bytesDone, long bytesTotal, int filesDone, int filesTotal) {

  public boolean isComplete() {
    return filesDone == filesTotal;
  }
}
