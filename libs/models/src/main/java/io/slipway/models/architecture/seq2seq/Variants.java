package io.slipway.models.architecture.seq2seq;

import io.slipway.modelfiles.ModelConfig;

/** Settings that any encoder-decoder's configuration may have and that are not implemented. */
final class Variants {

  private Variants() {}

  /**
   * Refuses them.
   *
   * @throws io.slipway.modelfiles.ModelFilesException UNSUPPORTED_CONFIG, naming the first
   */
  static void refuse(ModelConfig json) {
    requireFlag(json, "is_decoder", false);
    requireFlag(json, "add_cross_attention", false);
    if (json.has("quantization_config")) {
      throw json.unsupported("quantization_config", "present", "weights that are not quantised");
    }
  }

  /** Refuses a flag that has another value than the only one that is implemented. */
  static void requireFlag(ModelConfig json, String flag, boolean only) {
    if (json.booleanOr(flag, only) != only) {
      throw json.unsupported(flag, Boolean.toString(!only), Boolean.toString(only));
    }
  }
}
