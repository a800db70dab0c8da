package io.slipway.modelfiles.safetensors;

import java.nio.file.Path;
import java.util.Objects;

/** A file is not valid safetensors; the message names the file and what is wrong with it. */
public final class SafetensorsException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  SafetensorsException(Path file, String problem) {
    super(file.getFileName() + ": " + problem);
  }

  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
