package io.slipway.benchmarks.checkpoint;

import io.slipway.modelfiles.ModelConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/**
 * A BERT of two layers: its configuration, and the names and shapes of its weights.
 *
 * @param matching whether attention begins at what is alike: one head's at near places, the others'
 *     at the same tokens, also in the other text of a pair. A word of a question that occurs in a
 *     text is then soon seen.
 */
record BertLayout(int vocabulary, int positions, boolean matching) {

  static final int HIDDEN = 128;
  private static final int INTERMEDIATE = 256;
  private static final int LAYERS = 2;
  private static final int HEADS = 4;
  private static final double DEVIATION = 0.05;

  /** How much places, which text it is, and likeness count at first, where a model matches. */
  private static final double PLACES = 2;

  private static final double TEXTS = 0.3;
  private static final double LIKENESS = 1.5;

  /**
   * Writes the model.
   *
   * @param config of its head
   * @param head adds the weights of its head
   */
  void write(
      Path folder, ObjectNode config, Consumer<RandomWeights> head, boolean pooler, long seed)
      throws IOException {
    RandomWeights weights = new RandomWeights(seed, DEVIATION);
    String embeddings = "bert.embeddings.";
    weights.normal(embeddings + "word_embeddings.weight", vocabulary, HIDDEN);
    if (matching) {
      weights.sinusoids(
          embeddings + "position_embeddings.weight",
          positions,
          HIDDEN,
          HIDDEN / HEADS,
          DEVIATION * PLACES);
      weights.scaled(embeddings + "token_type_embeddings.weight", TEXTS, 2, HIDDEN);
    } else {
      weights.normal(embeddings + "position_embeddings.weight", positions, HIDDEN);
      weights.normal(embeddings + "token_type_embeddings.weight", 2, HIDDEN);
    }
    weights.layerNorm(embeddings + "LayerNorm", HIDDEN);
    for (int layer = 0; layer < LAYERS; layer++) {
      layer(weights, "bert.encoder.layer." + layer + ".");
    }
    if (pooler) {
      weights.linear("bert.pooler.dense", HIDDEN, HIDDEN);
    }
    head.accept(weights);
    weights.write(folder);
    FreshCheckpoint.write(folder.resolve(ModelConfig.FILE), complete(config));
  }

  private void layer(RandomWeights weights, String name) {
    for (String projection : List.of("query", "key")) {
      if (matching) {
        weights.identity(name + "attention.self." + projection, HIDDEN, LIKENESS);
      } else {
        weights.linear(name + "attention.self." + projection, HIDDEN, HIDDEN);
      }
    }
    weights.linear(name + "attention.self.value", HIDDEN, HIDDEN);
    weights.linear(name + "attention.output.dense", HIDDEN, HIDDEN);
    weights.layerNorm(name + "attention.output.LayerNorm", HIDDEN);
    weights.linear(name + "intermediate.dense", INTERMEDIATE, HIDDEN);
    weights.linear(name + "output.dense", HIDDEN, INTERMEDIATE);
    weights.layerNorm(name + "output.LayerNorm", HIDDEN);
  }

  private ObjectNode complete(ObjectNode config) {
    return config
        .put("model_type", "bert")
        .put("attention_probs_dropout_prob", 0.0)
        .put("hidden_dropout_prob", 0.0)
        .put("hidden_act", "gelu")
        .put("hidden_size", HIDDEN)
        .put("intermediate_size", INTERMEDIATE)
        .put("layer_norm_eps", 1e-12)
        .put("max_position_embeddings", positions)
        .put("num_attention_heads", HEADS)
        .put("num_hidden_layers", LAYERS)
        .put("pad_token_id", Vocabulary.PAD)
        .put("type_vocab_size", 2)
        .put("vocab_size", vocabulary);
  }
}
