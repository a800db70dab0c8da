package io.slipway.modelfiles;

import java.util.Objects;

/** A model's files cannot be used; the message names the file and what was expected. */
public final class ModelFilesException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Stable codes: the name of a constant may be shown to callers and stored. */
  public enum Reason {
    /** The architecture is not one that the platform implements. */
    UNSUPPORTED_ARCHITECTURE,
    /** The architecture is implemented, but not with this setting of its configuration. */
    UNSUPPORTED_CONFIG,
    /** The only weights are pickles, which can run code when read and are never opened. */
    PICKLED_WEIGHTS_ONLY,
    /** A weights file breaks the safetensors format. */
    MALFORMED_SAFETENSORS,
    /** The shard index is wrong in itself or does not fit the shards. */
    MALFORMED_INDEX,
    /** A file that is needed is not there. */
    MISSING_FILE,
    /** config.json is no JSON object, or lacks a field, or has one of a wrong type. */
    MALFORMED_CONFIG,
    /** The tokenizer's files cannot be read. */
    MALFORMED_TOKENIZER,
    /** The weights are not those that the configuration asks for. */
    WEIGHTS_MISMATCH
  }

  private final Reason reason;

  public ModelFilesException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public ModelFilesException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }

  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
