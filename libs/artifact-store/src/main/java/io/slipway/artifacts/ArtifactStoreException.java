package io.slipway.artifacts;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Says why content could not be stored or read; {@link #kind()} is stable, the message is not. */
public final class ArtifactStoreException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** What went wrong. */
  public enum Kind {
    /** The content is longer than the caller's limit. */
    TOO_LARGE,
    /** The store's file system is full, or a quota is used up. */
    NO_SPACE,
    /** The content ended before its announced length. */
    TRUNCATED,
    /** The content is not the one that was announced. */
    DIGEST_MISMATCH,
    /** The store holds no such blob. */
    MISSING_BLOB,
    /** A file name would leave its directory or cannot be represented. */
    UNSAFE_PATH,
    /** The caller's input could not be read. */
    SOURCE_FAILED,
    /** The store itself could not be read or written. */
    STORE_FAILED
  }

  private final Kind kind;

  public ArtifactStoreException(Kind kind, String message) {
    this(kind, message, null);
  }

  public ArtifactStoreException(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  static ArtifactStoreException missing(Digest digest) {
    return new ArtifactStoreException(Kind.MISSING_BLOB, "No blob " + digest + " in the store");
  }

  /** The store failed while it was {@code doing} something: NO_SPACE if that is why. */
  static ArtifactStoreException storeFailed(String doing, IOException cause) {
    return isFull(cause)
        ? new ArtifactStoreException(
            Kind.NO_SPACE, "The disk of the artifact store is full while " + doing, cause)
        : new ArtifactStoreException(
            Kind.STORE_FAILED,
            "The artifact store failed while " + doing + ": " + cause.getMessage(),
            cause);
  }

  /** Java has no type for ENOSPC and EDQUOT, only the operating system's words. */
  private static boolean isFull(IOException cause) {
    String reason =
        cause instanceof FileSystemException fileSystem && fileSystem.getReason() != null
            ? fileSystem.getReason()
            : String.valueOf(cause.getMessage());
    String words = reason.toLowerCase(Locale.ROOT);
    return words.contains("no space left") || words.contains("quota exceeded");
  }
}
