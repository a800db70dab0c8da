package io.slipway.modelfiles.image;

import java.util.Objects;

/** Bytes that are no image, or one that is not accepted; the fault of whoever sent them. */
public final class ImageException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ImageException(String message) {
    super(message);
  }

  ImageException(String message, Throwable cause) {
    super(message, cause);
  }

  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
