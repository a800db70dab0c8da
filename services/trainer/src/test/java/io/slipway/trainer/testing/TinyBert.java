package io.slipway.trainer.testing;

import io.slipway.modelfiles.safetensors.Dtype;
import io.slipway.modelfiles.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A bare encoder of one layer with random weights, and messages of two kinds that it can learn to
 * tell apart.
 */
public final class TinyBert {

  private static final int HIDDEN = 32;
  private static final int WIDE = 64;
  private static final int POSITIONS = 16;

  private static final List<String> SPECIAL = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");
  private static final List<String> MONEY =
      List.of("invoice", "refund", "charge", "payment", "price", "bill", "bank", "fee");
  private static final List<String> PARCEL =
      List.of("parcel", "courier", "address", "delivery", "box", "lost", "truck", "door");
  private static final List<String> FILLER =
      List.of(
          "please", "my", "the", "is", "about", "again", "why", "help", "today", "with", "you",
          "still");

  private TinyBert() {}

  /**
   * @param scale of the random weights; not a number makes a broken model
   */
  public static Path write(Path directory, double scale) throws IOException {
    Files.createDirectories(directory);
    List<String> vocabulary = new ArrayList<>(SPECIAL);
    vocabulary.addAll(MONEY);
    vocabulary.addAll(PARCEL);
    vocabulary.addAll(FILLER);
    Files.writeString(directory.resolve("config.json"), config(vocabulary.size()));
    Files.writeString(directory.resolve("tokenizer.json"), tokenizer(vocabulary));
    Files.writeString(
        directory.resolve("tokenizer_config.json"),
        """
        {"tokenizer_class": "BertTokenizer", "model_max_length": 16, "pad_token": "[PAD]",
         "cls_token": "[CLS]", "sep_token": "[SEP]", "unk_token": "[UNK]", "mask_token": "[MASK]"}
        """);
    weights(vocabulary.size(), scale).write(directory.resolve("model.safetensors"), false);
    return directory;
  }

  /** A CSV of text and label, {@code money} or {@code parcel}; all texts are different. */
  public static String dataset(int rows) {
    Random random = new Random(7);
    StringBuilder csv = new StringBuilder("text,label\n");
    for (int row = 0; row < rows; row++) {
      boolean money = row % 2 == 0;
      List<String> words = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        words.add(pick(FILLER, random));
      }
      words.add(pick(money ? MONEY : PARCEL, random));
      words.add(pick(money ? MONEY : PARCEL, random));
      java.util.Collections.shuffle(words, random);
      csv.append(String.join(" ", words))
          .append(' ')
          .append("x".repeat(1 + row % 5))
          .append(row)
          .append(',')
          .append(money ? "money" : "parcel")
          .append('\n');
    }
    return csv.toString();
  }

  /** A CSV of text and labels: {@code money}, {@code parcel}, both with a semicolon, or none. */
  public static String multiLabelDataset(int rows) {
    Random random = new Random(7);
    StringBuilder csv = new StringBuilder("text,label\n");
    for (int row = 0; row < rows; row++) {
      boolean money = row % 4 < 2;
      boolean parcel = row % 2 == 0;
      List<String> words = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        words.add(pick(FILLER, random));
      }
      for (int i = 0; i < 2; i++) {
        words.add(pick(money ? MONEY : FILLER, random));
        words.add(pick(parcel ? PARCEL : FILLER, random));
      }
      java.util.Collections.shuffle(words, random);
      csv.append(String.join(" ", words))
          .append(" x")
          .append(row)
          .append(',')
          .append(money ? "money" : "")
          .append(money && parcel ? ";" : "")
          .append(parcel ? "parcel" : "")
          .append('\n');
    }
    return csv.toString();
  }

  private static String pick(List<String> words, Random random) {
    return words.get(random.nextInt(words.size()));
  }

  private static String config(int vocabulary) {
    return """
        {"model_type": "bert", "architectures": ["BertModel"], "hidden_size": %d, "intermediate_size": %d,
         "num_hidden_layers": 1, "num_attention_heads": 2, "max_position_embeddings": %d, "vocab_size": %d,
         "type_vocab_size": 2, "hidden_act": "gelu", "hidden_dropout_prob": 0.1,
         "attention_probs_dropout_prob": 0.1, "layer_norm_eps": 1e-12, "initializer_range": 0.05,
         "pad_token_id": 0, "dtype": "float32"}
        """
        .formatted(HIDDEN, WIDE, POSITIONS, vocabulary);
  }

  private static String tokenizer(List<String> vocabulary) {
    String entries =
        IntStream.range(0, vocabulary.size())
            .mapToObj(i -> "\"%s\": %d".formatted(vocabulary.get(i), i))
            .collect(Collectors.joining(", "));
    String special =
        IntStream.range(0, SPECIAL.size())
            .mapToObj(
                i ->
                    """
                    {"id": %d, "content": "%s", "single_word": false, "lstrip": false, "rstrip": false,
                     "normalized": false, "special": true}"""
                        .formatted(i, SPECIAL.get(i)))
            .collect(Collectors.joining(", "));
    return """
        {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [%s],
         "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
                        "strip_accents": null, "lowercase": true},
         "pre_tokenizer": {"type": "BertPreTokenizer"},
         "post_processor": {"type": "TemplateProcessing",
           "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                      {"SpecialToken": {"id": "[SEP]", "type_id": 0}}],
           "pair": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                    {"SpecialToken": {"id": "[SEP]", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}},
                    {"SpecialToken": {"id": "[SEP]", "type_id": 1}}],
           "special_tokens": {"[CLS]": {"id": "[CLS]", "ids": [2], "tokens": ["[CLS]"]},
                              "[SEP]": {"id": "[SEP]", "ids": [3], "tokens": ["[SEP]"]}}},
         "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true},
         "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                   "max_input_chars_per_word": 100, "vocab": {%s}}}
        """
        .formatted(special, entries);
  }

  private static SafetensorsWriter weights(int vocabulary, double scale) {
    Random random = new Random(11);
    SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt");
    String embeddings = "embeddings.";
    matrix(writer, embeddings + "word_embeddings.weight", vocabulary, HIDDEN, scale, random);
    matrix(writer, embeddings + "position_embeddings.weight", POSITIONS, HIDDEN, scale, random);
    matrix(writer, embeddings + "token_type_embeddings.weight", 2, HIDDEN, scale, random);
    norm(writer, embeddings + "LayerNorm");
    String layer = "encoder.layer.0.";
    for (String projection : List.of("query", "key", "value")) {
      linear(writer, layer + "attention.self." + projection, HIDDEN, HIDDEN, scale, random);
    }
    linear(writer, layer + "attention.output.dense", HIDDEN, HIDDEN, scale, random);
    norm(writer, layer + "attention.output.LayerNorm");
    linear(writer, layer + "intermediate.dense", WIDE, HIDDEN, scale, random);
    linear(writer, layer + "output.dense", HIDDEN, WIDE, scale, random);
    norm(writer, layer + "output.LayerNorm");
    linear(writer, "pooler.dense", HIDDEN, HIDDEN, scale, random);
    return writer;
  }

  private static void linear(
      SafetensorsWriter writer, String name, int out, int in, double scale, Random random) {
    matrix(writer, name + ".weight", out, in, scale, random);
    tensor(writer, name + ".bias", List.of((long) out), new float[out]);
  }

  private static void norm(SafetensorsWriter writer, String name) {
    float[] ones = new float[HIDDEN];
    java.util.Arrays.fill(ones, 1);
    tensor(writer, name + ".weight", List.of((long) HIDDEN), ones);
    tensor(writer, name + ".bias", List.of((long) HIDDEN), new float[HIDDEN]);
  }

  private static void matrix(
      SafetensorsWriter writer, String name, int rows, int columns, double scale, Random random) {
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * scale);
    }
    tensor(writer, name, List.of((long) rows, (long) columns), values);
  }

  private static void tensor(
      SafetensorsWriter writer, String name, List<Long> shape, float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    writer.tensor(name, Dtype.F32, shape, () -> MemorySegment.ofArray(bytes.array()));
  }
}
