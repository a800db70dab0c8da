package io.slipway.hub;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A file of a repository.
 *
 * @param path relative, with forward slashes; never leads out of a directory
 * @param sizeBytes length of the content, or {@link #UNKNOWN_SIZE} where a listing does not say
 * @param gitOid SHA-1 of the git object: of the content itself, or of the pointer to a large file
 * @param sha256 SHA-256 of the content, known for large files (git LFS) only
 */
public record RepositoryFile(
    String path, long sizeBytes, @Nullable String gitOid, @Nullable String sha256) {

  public static final long UNKNOWN_SIZE = -1;

  private static final int MAX_PATH_CHARACTERS = 1024;

  /**
   * @throws IllegalArgumentException when the path is unsafe or a hash is none
   */
  public RepositoryFile {
    if (!isSafe(path)) {
      throw new IllegalArgumentException(
          "'"
              + Text.printable(path)
              + "' is no safe file name: expected a relative path without"
              + " '..', backslashes and control characters");
    }
    if (gitOid != null && !gitOid.matches("[0-9a-f]{40}")) {
      throw new IllegalArgumentException("'" + Text.printable(gitOid) + "' is no git object id");
    }
    if (sha256 != null && !sha256.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("'" + Text.printable(sha256) + "' is no SHA-256");
    }
  }

  /** A file of which only the name is known. */
  public static RepositoryFile named(String path) {
    return new RepositoryFile(path, UNKNOWN_SIZE, null, null);
  }

  /** Whether the content is kept outside of git (LFS). */
  public boolean isLarge() {
    return sha256 != null;
  }

  /** The part of the name after its last dot, in lower case. */
  public String extension() {
    return path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  /** Whether {@code path} can be used below a directory without leading out of it. */
  public static boolean isSafe(String path) {
    if (path.length() > MAX_PATH_CHARACTERS
        || path.indexOf('\\') >= 0
        || path.chars().anyMatch(Character::isISOControl)) {
      return false;
    }
    for (String segment : path.split("/", -1)) {
      if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
        return false;
      }
    }
    return true;
  }
}
