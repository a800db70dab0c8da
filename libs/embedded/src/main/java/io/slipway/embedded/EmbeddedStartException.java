package io.slipway.embedded;

import org.jspecify.annotations.Nullable;

/**
 * An embedded server could not start; the message is a sentence fit to be shown to the person who
 * started it.
 */
public final class EmbeddedStartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  EmbeddedStartException(String message) {
    this(message, null);
  }

  EmbeddedStartException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  static EmbeddedStartException interrupted(String during, InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new EmbeddedStartException("Interrupted while " + during + ".", cause);
  }
}
