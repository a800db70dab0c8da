package io.slipway.artifacts;

import io.slipway.common.v1.ArtifactFile;

/**
 * A file of an artifact: its path inside the artifact and the blob that holds its content.
 *
 * @param path relative, with forward slashes, without empty, "." or ".." segments, backslashes or
 *     control characters
 * @param sizeBytes length of the content
 */
public record StoredFile(String path, Digest digest, long sizeBytes) {

  /**
   * @throws ArtifactStoreException UNSAFE_PATH
   */
  public StoredFile {
    RelativePath.requireSafe(path);
    if (sizeBytes < 0) {
      throw new IllegalArgumentException("Size of '" + path + "' is " + sizeBytes + " bytes");
    }
  }

  /**
   * @throws ArtifactStoreException UNSAFE_PATH
   * @throws IllegalArgumentException when the digest or the size is not valid
   */
  public static StoredFile fromProto(ArtifactFile file) {
    return new StoredFile(file.getPath(), Digest.of(file.getSha256()), file.getSizeBytes());
  }

  /** This file as the message that services exchange. */
  public ArtifactFile toProto() {
    return ArtifactFile.newBuilder()
        .setPath(path)
        .setSha256(digest.hex())
        .setSizeBytes(sizeBytes)
        .build();
  }

  /** The content without its name. */
  public StoredBlob blob() {
    return new StoredBlob(digest, sizeBytes);
  }
}
