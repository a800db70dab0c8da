package io.slipway.kit.errors;

import io.slipway.modelfiles.ModelFilesException;

/** What is wrong with a model's files, in the platform's codes. For services that read models. */
public final class ModelFilesRefusals {

  private ModelFilesRefusals() {}

  public static ErrorCode codeOf(ModelFilesException cause) {
    return switch (cause.reason()) {
      case UNSUPPORTED_ARCHITECTURE, UNSUPPORTED_CONFIG -> ErrorCode.UNSUPPORTED_ARCHITECTURE;
      case PICKLED_WEIGHTS_ONLY -> ErrorCode.PICKLED_WEIGHTS_ONLY;
      case MALFORMED_SAFETENSORS,
          MALFORMED_INDEX,
          MISSING_FILE,
          MALFORMED_CONFIG,
          MALFORMED_TOKENIZER,
          WEIGHTS_MISMATCH ->
          ErrorCode.MALFORMED_MODEL;
    };
  }
}
