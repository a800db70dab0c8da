package io.slipway.standalone.platform;

import org.jspecify.annotations.Nullable;

/** Something that the person at the keyboard can mend; the message is a sentence for them. */
public final class PlatformException extends RuntimeException {

  public PlatformException(String message) {
    this(message, null);
  }

  public PlatformException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
