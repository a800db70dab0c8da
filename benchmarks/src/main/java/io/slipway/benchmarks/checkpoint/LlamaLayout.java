package io.slipway.benchmarks.checkpoint;

import io.slipway.modelfiles.ModelConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** A Llama of two layers: its configuration, and the names and shapes of its weights. */
record LlamaLayout(int vocabulary, int positions) {

  private static final int HIDDEN = 128;
  private static final int INTERMEDIATE = 256;
  private static final int LAYERS = 2;
  private static final int HEADS = 4;
  private static final double DEVIATION = 0.05;

  void write(Path folder, ObjectNode config, long seed) throws IOException {
    RandomWeights weights = new RandomWeights(seed, DEVIATION);
    weights.normal("model.embed_tokens.weight", vocabulary, HIDDEN);
    for (int layer = 0; layer < LAYERS; layer++) {
      String name = "model.layers." + layer + ".";
      for (String projection : List.of("q_proj", "k_proj", "v_proj", "o_proj")) {
        weights.normal(name + "self_attn." + projection + ".weight", HIDDEN, HIDDEN);
      }
      weights.normal(name + "mlp.gate_proj.weight", INTERMEDIATE, HIDDEN);
      weights.normal(name + "mlp.up_proj.weight", INTERMEDIATE, HIDDEN);
      weights.normal(name + "mlp.down_proj.weight", HIDDEN, INTERMEDIATE);
      weights.ones(name + "input_layernorm.weight", HIDDEN);
      weights.ones(name + "post_attention_layernorm.weight", HIDDEN);
    }
    weights.ones("model.norm.weight", HIDDEN);
    weights.normal("lm_head.weight", vocabulary, HIDDEN);
    weights.write(folder);
    FreshCheckpoint.write(folder.resolve(ModelConfig.FILE), complete(config));
  }

  private ObjectNode complete(ObjectNode config) {
    config
        .put("model_type", "llama")
        .put("hidden_act", "silu")
        .put("hidden_size", HIDDEN)
        .put("intermediate_size", INTERMEDIATE)
        .put("max_position_embeddings", positions)
        .put("num_attention_heads", HEADS)
        .put("num_key_value_heads", HEADS)
        .put("num_hidden_layers", LAYERS)
        .put("rms_norm_eps", 1e-6)
        .put("tie_word_embeddings", false)
        .put("bos_token_id", ByteLevelFiles.END)
        .put("eos_token_id", ByteLevelFiles.END)
        .put("vocab_size", vocabulary);
    config.putObject("rope_parameters").put("rope_theta", 10_000.0).put("rope_type", "default");
    return config;
  }
}
