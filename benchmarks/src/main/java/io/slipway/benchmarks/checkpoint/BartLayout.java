package io.slipway.benchmarks.checkpoint;

import io.slipway.modelfiles.ModelConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * A BART of two layers on each side: its configuration, and its weights' names and shapes. Its
 * attention begins at places and tokens that are alike.
 *
 * @param copying whether it begins with {@link CopyingAttention}
 */
record BartLayout(int vocabulary, int positions, boolean copying) {

  static final int HIDDEN = 128;
  private static final int INTERMEDIATE = 256;
  private static final int LAYERS = 2;
  static final int HEADS = 4;
  static final double DEVIATION = 0.05;

  /** Rows that a table of positions has before the first position. */
  private static final int POSITION_OFFSET = 2;

  void write(Path folder, ObjectNode config, long seed) throws IOException {
    RandomWeights weights = new RandomWeights(seed, DEVIATION);
    embeddings(weights);
    weights.zeros("final_logits_bias", 1, vocabulary);
    for (String side : List.of("encoder", "decoder")) {
      String name = "model." + side + ".";
      places(weights, name + "embed_positions.weight");
      weights.layerNorm(name + "layernorm_embedding", HIDDEN);
      for (int layer = 0; layer < LAYERS; layer++) {
        layer(weights, name + "layers." + layer + ".", layer, side.equals("decoder"));
      }
    }
    weights.write(folder);
    FreshCheckpoint.write(folder.resolve(ModelConfig.FILE), complete(config));
  }

  private void embeddings(RandomWeights weights) {
    if (copying) {
      CopyingAttention.tokens(weights, "model.shared.weight", vocabulary);
    } else {
      weights.normal("model.shared.weight", vocabulary, HIDDEN);
    }
  }

  private void places(RandomWeights weights, String name) {
    int rows = positions + POSITION_OFFSET;
    if (copying) {
      CopyingAttention.places(weights, name, rows);
    } else {
      weights.sinusoids(name, rows, HIDDEN, HIDDEN, DEVIATION);
    }
  }

  private void layer(RandomWeights weights, String name, int layer, boolean decoder) {
    if (copying && layer == 0) {
      if (decoder) {
        CopyingAttention.move(weights, name + "self_attn");
      } else {
        CopyingAttention.note(weights, name + "self_attn");
      }
    } else {
      attention(weights, name + "self_attn");
    }
    weights.layerNorm(name + "self_attn_layer_norm", HIDDEN);
    if (decoder) {
      if (copying && layer == LAYERS - 1) {
        CopyingAttention.bring(weights, name + "encoder_attn");
      } else {
        attention(weights, name + "encoder_attn");
      }
      weights.layerNorm(name + "encoder_attn_layer_norm", HIDDEN);
    }
    weights.linear(name + "fc1", INTERMEDIATE, HIDDEN);
    weights.linear(name + "fc2", HIDDEN, INTERMEDIATE);
    weights.layerNorm(name + "final_layer_norm", HIDDEN);
  }

  private static void attention(RandomWeights weights, String name) {
    weights.identity(name + ".q_proj", HIDDEN, 1);
    weights.identity(name + ".k_proj", HIDDEN, 1);
    for (String projection : List.of("v_proj", "out_proj")) {
      weights.linear(name + "." + projection, HIDDEN, HIDDEN);
    }
  }

  private ObjectNode complete(ObjectNode config) {
    return config
        .put("model_type", "bart")
        .put("activation_function", "gelu")
        .put("dropout", 0.0)
        .put("attention_dropout", 0.0)
        .put("activation_dropout", 0.0)
        .put("d_model", HIDDEN)
        .put("encoder_layers", LAYERS)
        .put("decoder_layers", LAYERS)
        .put("encoder_attention_heads", HEADS)
        .put("decoder_attention_heads", HEADS)
        .put("encoder_ffn_dim", INTERMEDIATE)
        .put("decoder_ffn_dim", INTERMEDIATE)
        .put("max_position_embeddings", positions)
        .put("scale_embedding", false)
        .put("is_encoder_decoder", true)
        .put("pad_token_id", Vocabulary.PAD)
        .put("bos_token_id", Vocabulary.CLS)
        .put("decoder_start_token_id", Vocabulary.CLS)
        .put("eos_token_id", Vocabulary.SEP)
        .putNull("forced_eos_token_id")
        .put("vocab_size", vocabulary);
  }
}
