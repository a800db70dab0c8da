package io.slipway.standalone.starterhub;

import io.slipway.modelfiles.safetensors.Dtype;
import io.slipway.modelfiles.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A small BERT with random weights, drawn as the reference does: normal for embeddings and linear
 * layers, zero for biases and the padding row, one for the scale of a layer norm. Weight names are
 * those of the reference's checkpoints.
 */
final class StarterBert {
  static final int MAX_POSITIONS = 128;

  private static final int HIDDEN = 128;
  private static final int LAYERS = 2;
  private static final int HEADS = 2;
  private static final int INTERMEDIATE = 512;
  private static final double INITIALIZER_RANGE = 0.02;
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final String prefix;
  private final boolean classifier;
  private final int vocabularySize;
  private final Random random;
  private final SafetensorsWriter weights = new SafetensorsWriter().metadata("format", "pt");

  private StarterBert(boolean classifier, int vocabularySize, long seed) {
    this.classifier = classifier;
    this.prefix = classifier ? "bert." : "";
    this.vocabularySize = vocabularySize;
    this.random = new Random(seed);
  }

  /** Writes a {@code BertForSequenceClassification} with a fresh head for the support teams. */
  static void writeClassifier(Path repository, int vocabularySize, long seed) throws IOException {
    new StarterBert(true, vocabularySize, seed).writeTo(repository);
  }

  /** Writes a bare {@code BertModel}: an encoder without a task. */
  static void writeEncoder(Path repository, int vocabularySize, long seed) throws IOException {
    new StarterBert(false, vocabularySize, seed).writeTo(repository);
  }

  /**
   * The configuration of the classifier, also for repositories whose weights come in another form.
   */
  static String classifierConfig(int vocabularySize) {
    return new StarterBert(true, vocabularySize, 0).config();
  }

  private void writeTo(Path repository) throws IOException {
    Files.writeString(repository.resolve("config.json"), config());
    embeddings();
    for (int layer = 0; layer < LAYERS; layer++) {
      layer(prefix + "encoder.layer." + layer + ".");
    }
    linear(prefix + "pooler.dense", HIDDEN, HIDDEN);
    if (classifier) {
      linear("classifier", SupportTeam.values().length, HIDDEN);
    }
    weights.write(repository.resolve("model.safetensors"), false);
  }

  private void embeddings() {
    String name = prefix + "embeddings.";
    matrix(name + "word_embeddings.weight", vocabularySize, HIDDEN, true);
    matrix(name + "position_embeddings.weight", MAX_POSITIONS, HIDDEN, false);
    matrix(name + "token_type_embeddings.weight", 2, HIDDEN, false);
    layerNorm(name + "LayerNorm");
  }

  private void layer(String name) {
    for (String projection : List.of("query", "key", "value")) {
      linear(name + "attention.self." + projection, HIDDEN, HIDDEN);
    }
    linear(name + "attention.output.dense", HIDDEN, HIDDEN);
    layerNorm(name + "attention.output.LayerNorm");
    linear(name + "intermediate.dense", INTERMEDIATE, HIDDEN);
    linear(name + "output.dense", HIDDEN, INTERMEDIATE);
    layerNorm(name + "output.LayerNorm");
  }

  private void linear(String name, int out, int in) {
    matrix(name + ".weight", out, in, false);
    vector(name + ".bias", out, 0);
  }

  private void layerNorm(String name) {
    vector(name + ".weight", HIDDEN, 1);
    vector(name + ".bias", HIDDEN, 0);
  }

  /** A normal matrix [rows, columns]; row 0 is zero if it is the padding token's. */
  private void matrix(String name, int rows, int columns, boolean padded) {
    long[] count = {0};
    tensor(
        name,
        List.of((long) rows, (long) columns),
        () -> count[0]++ < columns && padded ? 0 : random.nextGaussian() * INITIALIZER_RANGE);
  }

  private void vector(String name, int length, double value) {
    tensor(name, List.of((long) length), () -> value);
  }

  private void tensor(String name, List<Long> shape, DoubleSupplier element) {
    long elements = shape.stream().reduce(1L, Math::multiplyExact);
    weights.tensor(
        name,
        Dtype.F32,
        shape,
        () -> {
          MemorySegment data =
              MemorySegment.ofArray(new byte[Math.toIntExact(elements * Float.BYTES)]);
          for (long i = 0; i < elements; i++) {
            data.setAtIndex(FLOAT, i, (float) element.getAsDouble());
          }
          return data;
        });
  }

  private String config() {
    ObjectNode config = JSON.createObjectNode();
    config
        .putArray("architectures")
        .add(classifier ? "BertForSequenceClassification" : "BertModel");
    config
        .put("model_type", "bert")
        .put("attention_probs_dropout_prob", 0.1)
        .putNull("classifier_dropout")
        .put("dtype", "float32")
        .put("hidden_act", "gelu")
        .put("hidden_dropout_prob", 0.1)
        .put("hidden_size", HIDDEN)
        .put("initializer_range", INITIALIZER_RANGE)
        .put("intermediate_size", INTERMEDIATE)
        .put("layer_norm_eps", 1e-12)
        .put("max_position_embeddings", MAX_POSITIONS)
        .put("num_attention_heads", HEADS)
        .put("num_hidden_layers", LAYERS)
        .put("pad_token_id", 0)
        .put("position_embedding_type", "absolute")
        .put("type_vocab_size", 2)
        .put("vocab_size", vocabularySize);
    if (classifier) {
      ObjectNode id2label = config.putObject("id2label");
      ObjectNode label2id = config.putObject("label2id");
      for (SupportTeam team : SupportTeam.values()) {
        id2label.put(Integer.toString(team.ordinal()), team.label());
        label2id.put(team.label(), team.ordinal());
      }
      config.put("problem_type", "single_label_classification");
    }
    return JSON.writeValueAsString(config) + "\n";
  }
}
