package io.slipway.hub;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Why a hub did not give what it was asked for. */
public abstract sealed class HubException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private HubException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** There is no such repository, or it is private and the token does not open it. */
  public static final class RepositoryNotFound extends HubException {
    private static final long serialVersionUID = 1L;

    public RepositoryNotFound(RepositoryId id) {
      super("No repository '" + id + "' (or it is private, and the token does not open it)", null);
    }
  }

  /** The repository is there, but its owner wants conditions accepted first. */
  public static final class GatedRepository extends HubException {
    private static final long serialVersionUID = 1L;

    public GatedRepository(RepositoryId id, String message) {
      super("Access to '" + id + "' is gated: " + message, null);
    }
  }

  /** The hub has closed the repository. */
  public static final class RepositoryDisabled extends HubException {
    private static final long serialVersionUID = 1L;

    public RepositoryDisabled(RepositoryId id) {
      super("Access to '" + id + "' is disabled", null);
    }
  }

  /** The repository has no such branch, tag or commit. */
  public static final class RevisionNotFound extends HubException {
    private static final long serialVersionUID = 1L;

    public RevisionNotFound(RepositoryId id, Revision revision) {
      super("No revision '" + revision + "' in repository '" + id + "'", null);
    }
  }

  /** The commit has no such file. */
  public static final class EntryNotFound extends HubException {
    private static final long serialVersionUID = 1L;

    public EntryNotFound(RepositoryId id, Revision revision, String path) {
      super(
          "No file '%s' in repository '%s' at '%s'".formatted(Text.printable(path), id, revision),
          null);
    }
  }

  /** The token is wrong, or does not allow this. */
  public static final class InvalidCredentials extends HubException {
    private static final long serialVersionUID = 1L;

    public InvalidCredentials(String message) {
      super("The hub refused the credentials: " + message, null);
    }
  }

  /** The hub wants a pause that is longer than the caller's patience. */
  public static final class RateLimited extends HubException {
    private static final long serialVersionUID = 1L;
    private final Duration retryAfter;

    public RateLimited(Duration retryAfter) {
      super(
          "The hub's rate limit is reached; it asks to wait " + retryAfter.toSeconds() + " s",
          null);
      this.retryAfter = retryAfter;
    }

    /** When to try again, from now. */
    public Duration retryAfter() {
      return retryAfter;
    }
  }

  /** No answer, or none but server errors, after all attempts. */
  public static final class HubUnreachable extends HubException {
    private static final long serialVersionUID = 1L;

    public HubUnreachable(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** What arrived is not the file that was announced. */
  public static final class CorruptDownload extends HubException {
    private static final long serialVersionUID = 1L;

    public CorruptDownload(String message) {
      super(message, null);
    }
  }

  /** The file is larger than the caller allows. */
  public static final class FileTooLarge extends HubException {
    private static final long serialVersionUID = 1L;

    public FileTooLarge(String path, long sizeBytes, long maxBytes) {
      super(
          "'%s' has %d bytes or more, the limit is %d"
              .formatted(Text.printable(path), sizeBytes, maxBytes),
          null);
    }
  }

  /** The hub's answer makes no sense, or asks for something unsafe. */
  public static final class ProtocolViolation extends HubException {
    private static final long serialVersionUID = 1L;

    public ProtocolViolation(String message) {
      super(message, null);
    }

    public ProtocolViolation(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
