package io.slipway.artifacts;

/**
 * Content that a store holds.
 *
 * @param sizeBytes length of the content
 */
public record StoredBlob(Digest digest, long sizeBytes) {

  public StoredBlob {
    if (sizeBytes < 0) {
      throw new IllegalArgumentException("Size of " + digest + " is " + sizeBytes + " bytes");
    }
  }

  /** This content as the file at {@code path} of an artifact. */
  public StoredFile at(String path) {
    return new StoredFile(path, digest, sizeBytes);
  }
}
