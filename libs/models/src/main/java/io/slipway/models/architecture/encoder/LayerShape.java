package io.slipway.models.architecture.encoder;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.modelfiles.ModelFilesException;
import io.slipway.models.layers.mlp.Activation;

/**
 * Sizes and settings of a block.
 *
 * @param attendedDropout of what attention gives, before the residual
 * @param outputDropout of what the feed-forward part gives, before the residual
 * @param attentionDropout of the attention probabilities
 */
record LayerShape(
    int hiddenSize,
    int numAttentionHeads,
    int intermediateSize,
    Activation hiddenAct,
    double attendedDropout,
    double outputDropout,
    double attentionDropout,
    double layerNormEps) {

  /**
   * Reads the fields that most encoders share.
   *
   * @param eps {@code layer_norm_eps} where config.json has none
   * @throws ModelFilesException when a field is missing or malformed
   */
  static LayerShape of(ModelConfig json, double eps) {
    double dropout = json.probabilityOr("hidden_dropout_prob", 0.1);
    int heads = json.requirePositiveInt("num_attention_heads");
    return new LayerShape(
        divided(json, "hidden_size", heads),
        heads,
        json.requirePositiveInt("intermediate_size"),
        Activation.of(json, "hidden_act", "gelu"),
        dropout,
        dropout,
        json.probabilityOr("attention_probs_dropout_prob", 0.1),
        json.doubleOr("layer_norm_eps", eps));
  }

  /** A size that is divided among attention heads. */
  static int divided(ModelConfig json, String field, int heads) {
    int size = json.requirePositiveInt(field);
    if (size % heads != 0) {
      throw json.malformed(
          field, "is %d, which %d attention heads do not divide".formatted(size, heads));
    }
    return size;
  }

  int headSize() {
    return hiddenSize / numAttentionHeads;
  }
}
