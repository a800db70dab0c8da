package io.slipway.benchmarks.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A WordPiece tokenizer in the format of the {@code tokenizers} library.
 *
 * @param begun whether a text begins with {@code [CLS]}; all end with {@code [SEP]}
 */
record WordPieceFiles(Vocabulary vocabulary, int maxLength, boolean begun) {

  private static final JsonMapper JSON = new JsonMapper();

  static WordPieceFiles forEncoder(Vocabulary vocabulary, int maxLength) {
    return new WordPieceFiles(vocabulary, maxLength, true);
  }

  /** Without {@code [CLS]}, with which the decoder starts. */
  static WordPieceFiles forTextToText(Vocabulary vocabulary, int maxLength) {
    return new WordPieceFiles(vocabulary, maxLength, false);
  }

  void write(Path folder) throws IOException {
    FreshCheckpoint.write(folder.resolve("tokenizer.json"), tokenizer());
    FreshCheckpoint.write(
        folder.resolve("tokenizer_config.json"),
        JSON.createObjectNode()
            .put("tokenizer_class", "PreTrainedTokenizerFast")
            .put("model_max_length", maxLength)
            .put("bos_token", "[CLS]")
            .put("eos_token", "[SEP]")
            .put("cls_token", "[CLS]")
            .put("sep_token", "[SEP]")
            .put("pad_token", "[PAD]")
            .put("mask_token", "[MASK]")
            .put("unk_token", "[UNK]"));
  }

  private ObjectNode tokenizer() {
    ObjectNode root = JSON.createObjectNode();
    root.put("version", "1.0").putNull("truncation").putNull("padding");
    ArrayNode added = root.putArray("added_tokens");
    Vocabulary.SPECIAL.forEach(token -> added.add(special(token, id(token))));
    root.putObject("normalizer")
        .put("type", "BertNormalizer")
        .put("clean_text", true)
        .put("handle_chinese_chars", true)
        .putNull("strip_accents")
        .put("lowercase", vocabulary.lowerCase());
    root.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
    root.set("post_processor", template());
    root.putObject("decoder").put("type", "WordPiece").put("prefix", "##").put("cleanup", true);
    ObjectNode model = root.putObject("model");
    model
        .put("type", "WordPiece")
        .put("unk_token", "[UNK]")
        .put("continuing_subword_prefix", Vocabulary.CONTINUATION)
        .put("max_input_chars_per_word", 100);
    ObjectNode ids = model.putObject("vocab");
    for (int i = 0; i < vocabulary.size(); i++) {
      ids.put(vocabulary.pieces().get(i), i);
    }
    return root;
  }

  static ObjectNode special(String token, int id) {
    return JSON.createObjectNode()
        .put("id", id)
        .put("content", token)
        .put("single_word", false)
        .put("lstrip", false)
        .put("rstrip", false)
        .put("normalized", false)
        .put("special", true);
  }

  private ObjectNode template() {
    ObjectNode template = JSON.createObjectNode().put("type", "TemplateProcessing");
    ArrayNode single = template.putArray("single");
    ArrayNode pair = template.putArray("pair");
    for (ArrayNode form : List.of(single, pair)) {
      if (begun) {
        element(form, "SpecialToken", "[CLS]", 0);
      }
      element(form, "Sequence", "A", 0);
      element(form, "SpecialToken", "[SEP]", 0);
    }
    element(pair, "Sequence", "B", 1);
    element(pair, "SpecialToken", "[SEP]", 1);
    ObjectNode special = template.putObject("special_tokens");
    for (String token : List.of("[CLS]", "[SEP]")) {
      ObjectNode entry = special.putObject(token).put("id", token);
      entry.putArray("ids").add(id(token));
      entry.putArray("tokens").add(token);
    }
    return template;
  }

  private static void element(ArrayNode form, String kind, String id, int type) {
    form.addObject().putObject(kind).put("id", id).put("type_id", type);
  }

  private static int id(String special) {
    return Vocabulary.SPECIAL.indexOf(special);
  }
}
