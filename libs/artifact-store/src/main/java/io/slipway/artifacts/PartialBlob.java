package io.slipway.artifacts;

import java.io.InputStream;

/**
 * A blob that arrives in pieces and survives a crash in between. For one thread at a time; it holds
 * a lock until it is closed.
 */
public interface PartialBlob extends AutoCloseable {

  /** The digest that the content will have. */
  Digest expected();

  /** How many bytes have arrived: where to go on. */
  long length();

  /**
   * What has arrived so far, from its beginning; the caller closes the stream.
   *
   * @throws ArtifactStoreException STORE_FAILED
   */
  InputStream read();

  /**
   * Adds bytes at the end.
   *
   * @throws ArtifactStoreException NO_SPACE
   */
  void append(byte[] bytes, int offset, int length);

  /** Forgets the bytes that have arrived, because the source starts again at its beginning. */
  void restart();

  /**
   * Publishes the content as a blob and closes this.
   *
   * @throws ArtifactStoreException DIGEST_MISMATCH when the bytes are not the expected ones; they
   *     are discarded then, because going on from them cannot help
   */
  StoredBlob complete();

  /** Deletes what has arrived and closes this. */
  void discard();

  /** Releases the lock and keeps the bytes for a later attempt. */
  @Override
  void close();
}
