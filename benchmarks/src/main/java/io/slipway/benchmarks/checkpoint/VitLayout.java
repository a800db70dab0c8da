package io.slipway.benchmarks.checkpoint;

import io.slipway.modelfiles.ModelConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A ViT of two layers: its configuration, and the names and shapes of its weights. */
record VitLayout(int imageSize, int patchSize) {

  static final int HIDDEN = 64;
  private static final int INTERMEDIATE = 128;
  private static final int LAYERS = 2;
  private static final int HEADS = 4;
  private static final int CHANNELS = 3;
  private static final double DEVIATION = 0.05;

  /**
   * Writes the model.
   *
   * @param config of its head
   * @param head adds the weights of its head
   */
  void write(Path folder, ObjectNode config, Consumer<RandomWeights> head, long seed)
      throws IOException {
    int patches = (imageSize / patchSize) * (imageSize / patchSize);
    RandomWeights weights = new RandomWeights(seed, DEVIATION);
    String embeddings = "vit.embeddings.";
    weights.normal(embeddings + "cls_token", 1, 1, HIDDEN);
    weights.normal(embeddings + "position_embeddings", 1, patches + 1L, HIDDEN);
    String projection = embeddings + "patch_embeddings.projection";
    weights.normal(projection + ".weight", HIDDEN, CHANNELS, patchSize, patchSize);
    weights.zeros(projection + ".bias", HIDDEN);
    for (int layer = 0; layer < LAYERS; layer++) {
      layer(weights, "vit.encoder.layer." + layer + ".");
    }
    weights.layerNorm("vit.layernorm", HIDDEN);
    head.accept(weights);
    weights.write(folder);
    FreshCheckpoint.write(folder.resolve(ModelConfig.FILE), complete(config));
    FreshCheckpoint.write(folder.resolve("preprocessor_config.json"), preprocessing());
  }

  private static void layer(RandomWeights weights, String name) {
    for (String projection : List.of("query", "key", "value")) {
      weights.linear(name + "attention.attention." + projection, HIDDEN, HIDDEN);
    }
    weights.linear(name + "attention.output.dense", HIDDEN, HIDDEN);
    weights.linear(name + "intermediate.dense", INTERMEDIATE, HIDDEN);
    weights.linear(name + "output.dense", HIDDEN, INTERMEDIATE);
    weights.layerNorm(name + "layernorm_before", HIDDEN);
    weights.layerNorm(name + "layernorm_after", HIDDEN);
  }

  private ObjectNode complete(ObjectNode config) {
    return config
        .put("model_type", "vit")
        .put("attention_probs_dropout_prob", 0.0)
        .put("hidden_dropout_prob", 0.0)
        .put("hidden_act", "gelu")
        .put("hidden_size", HIDDEN)
        .put("intermediate_size", INTERMEDIATE)
        .put("image_size", imageSize)
        .put("patch_size", patchSize)
        .put("num_channels", CHANNELS)
        .put("num_attention_heads", HEADS)
        .put("num_hidden_layers", LAYERS)
        .put("layer_norm_eps", 1e-12)
        .put("qkv_bias", true);
  }

  private ObjectNode preprocessing() {
    ObjectNode json = new JsonMapper().createObjectNode();
    json.put("image_processor_type", "ViTImageProcessor")
        .put("do_resize", true)
        .put("resample", 2)
        .put("do_rescale", true)
        .put("rescale_factor", 1 / 255.0)
        .put("do_normalize", true);
    json.putObject("size").put("height", imageSize).put("width", imageSize);
    for (String statistic : List.of("image_mean", "image_std")) {
      json.putArray(statistic).add(0.5).add(0.5).add(0.5);
    }
    return json;
  }
}
