package io.slipway.benchmarks.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes small models with random weights and no dropout, so that losses can be compared with
 * another implementation's. The folder has to exist; each draws its weights from the seed alone.
 */
public final class FreshCheckpoint {

  private static final JsonMapper JSON = new JsonMapper();

  private FreshCheckpoint() {}

  /** A BERT that labels texts. */
  public static void textClassifier(
      Path folder, Vocabulary vocabulary, List<String> labels, int positions, long seed)
      throws IOException {
    ObjectNode config = config("BertForSequenceClassification");
    label(config, labels).put("problem_type", "single_label_classification");
    WordPieceFiles.forEncoder(vocabulary, positions).write(folder);
    new BertLayout(vocabulary.size(), positions, false)
        .write(folder, config, weights -> labels(weights, labels), true, seed);
  }

  /** A BERT that labels words. */
  public static void wordClassifier(
      Path folder, Vocabulary vocabulary, List<String> labels, int positions, long seed)
      throws IOException {
    ObjectNode config = config("BertForTokenClassification");
    label(config, labels);
    WordPieceFiles.forEncoder(vocabulary, positions).write(folder);
    new BertLayout(vocabulary.size(), positions, false)
        .write(folder, config, weights -> labels(weights, labels), false, seed);
  }

  /** A BERT that finds answers. */
  public static void answerFinder(Path folder, Vocabulary vocabulary, int positions, long seed)
      throws IOException {
    WordPieceFiles.forEncoder(vocabulary, positions).write(folder);
    new BertLayout(vocabulary.size(), positions, true)
        .write(
            folder,
            config("BertForQuestionAnswering"),
            weights -> weights.linear("qa_outputs", 2, BertLayout.HIDDEN),
            false,
            seed);
  }

  /**
   * A BART, which turns one text into another.
   *
   * @param copying whether it begins with copying its source
   */
  public static void textToText(
      Path folder, Vocabulary vocabulary, int positions, boolean copying, long seed)
      throws IOException {
    WordPieceFiles.forTextToText(vocabulary, positions).write(folder);
    new BartLayout(vocabulary.size(), positions, copying)
        .write(folder, config("BartForConditionalGeneration"), seed);
  }

  /** A Llama over bytes. */
  public static void decoder(Path folder, int positions, long seed) throws IOException {
    ByteLevelFiles.write(folder, positions);
    new LlamaLayout(ByteLevelFiles.SIZE, positions).write(folder, config("LlamaForCausalLM"), seed);
  }

  /**
   * A ViT that labels images.
   *
   * @param imageSize pixels of a side, which images are brought to
   * @param patchSize pixels of a patch's side
   */
  public static void imageClassifier(
      Path folder, List<String> labels, int imageSize, int patchSize, long seed)
      throws IOException {
    ObjectNode config = config("ViTForImageClassification");
    label(config, labels);
    new VitLayout(imageSize, patchSize)
        .write(
            folder,
            config,
            weights -> weights.linear("classifier", labels.size(), VitLayout.HIDDEN),
            seed);
  }

  private static void labels(RandomWeights weights, List<String> labels) {
    weights.linear("classifier", labels.size(), BertLayout.HIDDEN);
  }

  private static ObjectNode config(String architecture) {
    ObjectNode config = JSON.createObjectNode();
    config.putArray("architectures").add(architecture);
    return config.put("dtype", "float32");
  }

  private static ObjectNode label(ObjectNode config, List<String> labels) {
    ObjectNode names = config.putObject("id2label");
    ObjectNode ids = config.putObject("label2id");
    for (int i = 0; i < labels.size(); i++) {
      names.put(Integer.toString(i), labels.get(i));
      ids.put(labels.get(i), i);
    }
    return config;
  }

  static void write(Path file, ObjectNode json) throws IOException {
    Files.writeString(file, json.toPrettyString() + "\n");
  }
}
