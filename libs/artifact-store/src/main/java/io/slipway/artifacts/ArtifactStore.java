package io.slipway.artifacts;

import java.io.InputStream;
import java.nio.file.Path;

/**
 * Immutable content by its digest. Writing what is already there changes nothing, so every write
 * may be repeated; a blob is visible only when it is whole and durable.
 *
 * <p>All methods throw {@link ArtifactStoreException}; STORE_FAILED may come from each of them.
 * Safe for use by many threads and processes at once.
 */
public interface ArtifactStore {

  /**
   * Stores {@code content} up to its end and leaves it open.
   *
   * @throws ArtifactStoreException TOO_LARGE past {@code maxBytes}, NO_SPACE, or SOURCE_FAILED when
   *     the input throws; nothing is kept then
   */
  StoredBlob write(InputStream content, long maxBytes);

  /**
   * Stores {@code content} only if it is exactly {@code expected}, and leaves it open.
   *
   * @throws ArtifactStoreException TRUNCATED, TOO_LARGE, DIGEST_MISMATCH, NO_SPACE or
   *     SOURCE_FAILED; nothing is kept then
   */
  StoredBlob write(InputStream content, StoredBlob expected);

  /**
   * Stores a copy of {@code file}, which stays the caller's.
   *
   * @throws ArtifactStoreException NO_SPACE or SOURCE_FAILED
   */
  StoredBlob write(Path file);

  /**
   * Takes {@code file} over without a copy where possible; afterwards it is gone from its place.
   * Nobody may write to it any more.
   *
   * @throws ArtifactStoreException NO_SPACE or SOURCE_FAILED
   */
  StoredBlob adopt(Path file);

  /**
   * The content from its beginning; the caller closes the stream.
   *
   * @throws ArtifactStoreException MISSING_BLOB
   */
  InputStream read(Digest digest);

  /**
   * A local file with the content, for mapping. It must not be written to.
   *
   * @throws ArtifactStoreException MISSING_BLOB
   */
  Path path(Digest digest);

  /** Whether the whole blob is in the store. */
  boolean contains(Digest digest);

  /**
   * Length of the blob in bytes.
   *
   * @throws ArtifactStoreException MISSING_BLOB
   */
  long size(Digest digest);

  /** Removes the blob; false when there was none. Whether it may go is the caller's question. */
  boolean delete(Digest digest);

  /**
   * Opens what has arrived so far of {@code expected}, or an empty beginning of it. Whoever else
   * works on the same blob at the same time gets a partial blob of its own.
   */
  PartialBlob partial(Digest expected);
}
