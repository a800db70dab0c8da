package io.slipway.standalone.starterhub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The files of a BERT tokenizer over a vocabulary: {@code tokenizer.json} in the format of the
 * {@code tokenizers} library, {@code tokenizer_config.json}, {@code vocab.txt}.
 */
final class StarterTokenizer {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final StarterVocabulary vocabulary;
  private final Map<String, Integer> ids = new HashMap<>();

  StarterTokenizer(StarterVocabulary vocabulary) {
    this.vocabulary = vocabulary;
    vocabulary.pieces().forEach(piece -> ids.put(piece, ids.size()));
  }

  void writeTo(Path repository) throws IOException {
    Files.writeString(
        repository.resolve("tokenizer.json"), JSON.writeValueAsString(tokenizer()) + "\n");
    Files.writeString(
        repository.resolve("tokenizer_config.json"),
        JSON.writeValueAsString(configuration()) + "\n");
    Files.writeString(
        repository.resolve("vocab.txt"), String.join("\n", vocabulary.pieces()) + "\n");
  }

  private ObjectNode tokenizer() {
    ObjectNode root = JSON.createObjectNode();
    root.put("version", "1.0").putNull("truncation").putNull("padding");
    ArrayNode added = root.putArray("added_tokens");
    for (String token : StarterVocabulary.SPECIAL) {
      added
          .addObject()
          .put("id", id(token))
          .put("content", token)
          .put("single_word", false)
          .put("lstrip", false)
          .put("rstrip", false)
          .put("normalized", false)
          .put("special", true);
    }
    root.putObject("normalizer")
        .put("type", "BertNormalizer")
        .put("clean_text", true)
        .put("handle_chinese_chars", true)
        .putNull("strip_accents")
        .put("lowercase", true);
    root.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
    root.set("post_processor", template());
    root.putObject("decoder").put("type", "WordPiece").put("prefix", "##").put("cleanup", true);
    ObjectNode model = root.putObject("model");
    model
        .put("type", "WordPiece")
        .put("unk_token", "[UNK]")
        .put("continuing_subword_prefix", StarterVocabulary.CONTINUATION)
        .put("max_input_chars_per_word", 100);
    ObjectNode ids = model.putObject("vocab");
    vocabulary.pieces().forEach(piece -> ids.put(piece, id(piece)));
    return root;
  }

  /** {@code [CLS] A [SEP]} and {@code [CLS] A [SEP] B [SEP]}, the second sequence of type 1. */
  private ObjectNode template() {
    ObjectNode template = JSON.createObjectNode().put("type", "TemplateProcessing");
    ArrayNode single = template.putArray("single");
    ArrayNode pair = template.putArray("pair");
    for (ArrayNode form : List.of(single, pair)) {
      element(form, "SpecialToken", "[CLS]", 0);
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

  private static ObjectNode configuration() {
    return JSON.createObjectNode()
        .put("tokenizer_class", "BertTokenizer")
        .put("do_lower_case", true)
        .put("model_max_length", StarterBert.MAX_POSITIONS)
        .put("cls_token", "[CLS]")
        .put("mask_token", "[MASK]")
        .put("pad_token", "[PAD]")
        .put("sep_token", "[SEP]")
        .put("unk_token", "[UNK]");
  }

  private int id(String piece) {
    return Objects.requireNonNull(ids.get(piece), piece);
  }
}
