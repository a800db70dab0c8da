package io.slipway.kit.errors;

import org.jspecify.annotations.Nullable;

/**
 * A refusal with a code. The message names the offending value and what was expected; it is shown
 * to the caller.
 */
public final class SlipwayException extends RuntimeException {

  private final ErrorCode code;

  public SlipwayException(ErrorCode code, String message) {
    this(code, message, null);
  }

  public SlipwayException(ErrorCode code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  public static SlipwayException invalid(String message) {
    return new SlipwayException(ErrorCode.INVALID_ARGUMENT, message);
  }

  /** A refusal that says what its cause says, as a sentence. */
  public static SlipwayException because(ErrorCode code, Throwable cause) {
    String message = cause.getMessage() == null ? code.name() : cause.getMessage();
    return new SlipwayException(code, message.endsWith(".") ? message : message + ".", cause);
  }

  public static SlipwayException notFound(String resourceName) {
    return new SlipwayException(ErrorCode.NOT_FOUND, "There is no " + resourceName + ".");
  }

  public ErrorCode code() {
    return code;
  }

  /** The message; never null. */
  public String reason() {
    String message = getMessage();
    return message == null ? code.name() : message;
  }
}
