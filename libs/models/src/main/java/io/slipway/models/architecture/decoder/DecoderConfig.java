package io.slipway.models.architecture.decoder;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.models.layers.Embedding;
import io.slipway.models.layers.attention.RopeParameters;
import io.slipway.models.layers.mlp.Activation;

/**
 * The fields of config.json that Llama and those that came after it share; what is not implemented
 * is refused by name.
 */
record DecoderConfig(
    int vocabSize,
    int hiddenSize,
    int intermediateSize,
    int numHiddenLayers,
    int numAttentionHeads,
    int numKeyValueHeads,
    int headDim,
    Activation hiddenAct,
    double attentionDropout,
    boolean tieWordEmbeddings,
    int padTokenId,
    RopeParameters rope) {

  /** As many heads of keys and values as of queries. */
  static final int AS_QUERIES = 0;

  /** The hidden size, divided by the heads of queries. */
  static final int BY_HEADS = 0;

  /**
   * What the reference's class of the configuration takes where a file says nothing.
   *
   * @param keyValueHeads or {@link #AS_QUERIES}
   * @param headDim or {@link #BY_HEADS}
   */
  record Defaults(
      int keyValueHeads,
      int headDim,
      String activation,
      boolean tied,
      int padTokenId,
      RopeParameters.Defaults rope) {

    static final Defaults USUAL =
        new Defaults(
            AS_QUERIES,
            BY_HEADS,
            "silu",
            false,
            Embedding.NO_PADDING,
            RopeParameters.Defaults.USUAL);

    Defaults keyValueHeads(int heads) {
      return new Defaults(heads, headDim, activation, tied, padTokenId, rope);
    }

    Defaults headDim(int size) {
      return new Defaults(keyValueHeads, size, activation, tied, padTokenId, rope);
    }

    Defaults padTokenId(int token) {
      return new Defaults(keyValueHeads, headDim, activation, tied, token, rope);
    }

    Defaults rope(RopeParameters.Defaults other) {
      return new Defaults(keyValueHeads, headDim, activation, tied, padTokenId, other);
    }
  }

  static DecoderConfig of(ModelConfig json, Defaults absent) {
    return of(json, absent, Activation.of(json, "hidden_act", absent.activation()));
  }

  static DecoderConfig of(ModelConfig json, Defaults absent, Activation activation) {
    refuseVariants(json);
    int hidden = json.requirePositiveInt("hidden_size");
    int heads = json.requirePositiveInt("num_attention_heads");
    int vocabulary = json.requirePositiveInt("vocab_size");
    int headDim = headDim(json, hidden, heads, absent.headDim());
    return new DecoderConfig(
        vocabulary,
        hidden,
        json.requirePositiveInt("intermediate_size"),
        json.requirePositiveInt("num_hidden_layers"),
        heads,
        keyValueHeads(json, heads, absent.keyValueHeads()),
        headDim,
        activation,
        json.probabilityOr("attention_dropout", 0),
        json.booleanOr("tie_word_embeddings", absent.tied()),
        padding(json, vocabulary, absent.padTokenId()),
        RopeParameters.of(
            json, headDim, json.requirePositiveInt("max_position_embeddings"), absent.rope()));
  }

  /** Refuses what no decoder here implements. */
  static void refuseVariants(ModelConfig json) {
    if (json.has("quantization_config")) {
      throw json.unsupported("quantization_config", "present", "weights that are not quantised");
    }
    for (String flag : new String[] {"add_cross_attention", "use_bidirectional_attention"}) {
      if (json.booleanOr(flag, false)) {
        throw json.unsupported(flag, "true", "false");
      }
    }
  }

  private static int headDim(ModelConfig json, int hidden, int heads, int absent) {
    if (json.has("head_dim")) {
      return json.requirePositiveInt("head_dim");
    }
    if (absent != BY_HEADS && !json.mentions("head_dim")) {
      return absent;
    }
    return headSize(json, "hidden_size", hidden, heads);
  }

  /** Size of heads that divide the hidden size. */
  static int headSize(ModelConfig json, String field, int hidden, int heads) {
    if (hidden % heads != 0) {
      throw json.malformed(
          field, "is %d, which %d attention heads do not divide".formatted(hidden, heads));
    }
    return hidden / heads;
  }

  private static int keyValueHeads(ModelConfig json, int heads, int absent) {
    int keyValueHeads = heads;
    if (json.has("num_key_value_heads")) {
      keyValueHeads = json.requirePositiveInt("num_key_value_heads");
    } else if (absent != AS_QUERIES && !json.mentions("num_key_value_heads")) {
      keyValueHeads = absent;
    }
    if (heads % keyValueHeads != 0) {
      throw json.malformed(
          "num_attention_heads",
          "is %d, which %d heads of keys and values do not divide".formatted(heads, keyValueHeads));
    }
    return keyValueHeads;
  }

  /**
   * The row of {@code pad_token_id}, which gets no gradient.
   *
   * @param absent where the file does not name the field
   */
  private static int padding(ModelConfig json, int vocabulary, int absent) {
    boolean fallback = !json.mentions("pad_token_id") && absent < vocabulary;
    return fallback ? absent : Embedding.padding(json, vocabulary);
  }

  /** Scale of attention scores: 1 / sqrt(headDim). */
  double scale() {
    return 1 / Math.sqrt(headDim);
  }
}
