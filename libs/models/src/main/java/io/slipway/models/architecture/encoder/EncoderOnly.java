package io.slipway.models.architecture.encoder;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.modelfiles.ModelFilesException;
import java.util.List;

/** What config.json may turn an encoder into, and is refused here by name. */
final class EncoderOnly {

  private EncoderOnly() {}

  /**
   * Refuses decoders, relative positions in place of absolute ones, pruned heads and quantised
   * weights.
   *
   * @throws ModelFilesException UNSUPPORTED_CONFIG, naming the field
   */
  static void require(ModelConfig json) {
    String positions = json.string("position_embedding_type").orElse("absolute");
    if (!positions.equals("absolute")) {
      throw json.unsupported("position_embedding_type", '"' + positions + '"', "\"absolute\"");
    }
    for (String flag : List.of("is_decoder", "add_cross_attention")) {
      if (json.booleanOr(flag, false)) {
        throw json.unsupported(flag, "true", "false");
      }
    }
    if (json.object("pruned_heads").filter(heads -> !heads.isEmpty()).isPresent()) {
      throw json.unsupported("pruned_heads", "not empty", "layers with all their heads");
    }
    if (json.has("quantization_config")) {
      throw json.unsupported("quantization_config", "present", "weights that are not quantised");
    }
  }
}
