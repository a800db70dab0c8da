package io.slipway.models.architecture.seq2seq;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.models.layers.mlp.Activation;

/**
 * The fields of config.json that BART and Marian share.
 *
 * @param scale of the word embeddings
 */
record PostNormConfig(
    int vocabSize,
    int maxPositionEmbeddings,
    int dModel,
    double scale,
    double dropout,
    Half encoder,
    Half decoder,
    boolean tieWordEmbeddings) {

  /** The encoder's or the decoder's size, and a layer's settings. */
  record Half(
      int layers,
      int dModel,
      int attentionHeads,
      int ffnDim,
      Activation activation,
      double dropout,
      double attentionDropout,
      double activationDropout,
      double layerDrop) {

    private static Half of(ModelConfig json, String half, int dModel) {
      int heads = json.requirePositiveInt(half + "_attention_heads");
      if (dModel % heads != 0) {
        throw json.malformed(
            "d_model",
            "is %d, which %d %s_attention_heads do not divide".formatted(dModel, heads, half));
      }
      return new Half(
          json.requirePositiveInt(half + "_layers"),
          dModel,
          heads,
          json.requirePositiveInt(half + "_ffn_dim"),
          Activation.of(json, "activation_function", "gelu"),
          json.probabilityOr("dropout", 0.1),
          json.probabilityOr("attention_dropout", 0),
          json.probabilityOr("activation_dropout", 0),
          json.probabilityOr(half + "_layerdrop", 0));
    }
  }

  static PostNormConfig of(ModelConfig json) {
    Variants.refuse(json);
    Variants.requireFlag(json, "normalize_before", false);
    Variants.requireFlag(json, "add_final_layer_norm", false);
    int dModel = json.requirePositiveInt("d_model");
    return new PostNormConfig(
        json.requirePositiveInt("vocab_size"),
        json.requirePositiveInt("max_position_embeddings"),
        dModel,
        json.booleanOr("scale_embedding", false) ? Math.sqrt((double) dModel) : 1,
        json.probabilityOr("dropout", 0.1),
        Half.of(json, "encoder", dModel),
        Half.of(json, "decoder", dModel),
        json.booleanOr("tie_word_embeddings", true));
  }
}
