package io.slipway.modelfiles.tokenizer;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tokenizers from the vocabularies that came before tokenizer.json: WordPiece from vocab.txt,
 * byte-level BPE from vocab.json and merges.txt.
 */
final class VocabularyFiles {

  private static final JsonMapper JSON = new JsonMapper();

  /** How Qwen2 splits text before its bytes are paired. */
  private static final String QWEN2_SPLIT =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
          + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  private VocabularyFiles() {}

  static Conversion wordPieces(
      Path directory, TokenizerSettings settings, Map<String, AddedToken> roles)
      throws IOException {
    Path file = directory.resolve(TokenizerFiles.WORD_PIECES);
    Map<String, Integer> ids = new HashMap<>();
    String text = TokenizerFiles.text(file);
    int id = 0;
    for (String line :
        (text.endsWith("\n") ? text.substring(0, text.length() - 1) : text).split("\n", -1)) {
      ids.put(line.stripTrailing(), id++);
    }
    AddedToken unknown = roles.get("unk");
    if (unknown == null || !ids.containsKey(unknown.content())) {
      throw TokenizerFiles.malformed(
          file,
          "has no line %s for unknown words".formatted(unknown == null ? "" : unknown.content()));
    }
    StringWriter model = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(model)) {
      out.writeStartObject();
      out.writeStringProperty("type", "WordPiece");
      out.writeStringProperty("unk_token", unknown.content());
      out.writeStringProperty("continuing_subword_prefix", "##");
      out.writeNumberProperty("max_input_chars_per_word", 100);
      out.writePOJOProperty("vocab", ids);
      out.writeEndObject();
    }
    ObjectNode frame = JSON.createObjectNode();
    JsonNode strip = settings.config().path("strip_accents");
    frame
        .putObject("normalizer")
        .put("type", "BertNormalizer")
        .put("clean_text", true)
        .put("handle_chinese_chars", settings.flag("tokenize_chinese_chars", true))
        .put("lowercase", settings.flag("do_lower_case", true))
        .set("strip_accents", strip.isBoolean() ? strip : JSON.nullNode());
    frame.set("pre_tokenizer", TokenizerParts.part("{'type': 'BertPreTokenizer'}"));
    frame.set(
        "decoder", TokenizerParts.part("{'type': 'WordPiece', 'prefix': '##', 'cleanup': true}"));
    return new Conversion(
        TokenizerJson.of(TokenizerFiles.WORD_PIECES, frame, model.toString()), List.of());
  }

  static Conversion bytePairs(Path directory, TokenizerClass kind, TokenizerSettings settings)
      throws IOException {
    ObjectNode vocabulary = TokenizerFiles.object(directory.resolve(TokenizerFiles.VOCABULARY));
    StringWriter model = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(model)) {
      out.writeStartObject();
      out.writeStringProperty("type", "BPE");
      out.writeStringProperty("continuing_subword_prefix", "");
      out.writeStringProperty("end_of_word_suffix", "");
      out.writePOJOProperty("vocab", vocabulary);
      out.writeArrayPropertyStart("merges");
      writeMerges(directory.resolve(TokenizerFiles.MERGES), vocabulary, out);
      out.writeEndArray();
      out.writeEndObject();
    }
    boolean prefixSpace = settings.flag("add_prefix_space", false);
    ObjectNode frame = JSON.createObjectNode();
    ObjectNode bytes = TokenizerParts.byteLevel(prefixSpace, kind != TokenizerClass.QWEN2);
    if (kind == TokenizerClass.QWEN2 || kind == TokenizerClass.GPT_NEOX) {
      frame.set("normalizer", TokenizerParts.part("{'type': 'NFC'}"));
    }
    if (kind == TokenizerClass.QWEN2) {
      ObjectNode split =
          TokenizerParts.part(
              "{'type': 'Split', 'pattern': {}, 'behavior': 'Isolated', 'invert': false}");
      split.withObject("/pattern").put("Regex", QWEN2_SPLIT);
      frame.set("pre_tokenizer", TokenizerParts.sequence("pretokenizers", split, bytes));
    } else {
      frame.set("pre_tokenizer", bytes);
    }
    frame.set("decoder", TokenizerParts.byteLevel(true, true));
    return new Conversion(
        TokenizerJson.of(TokenizerFiles.VOCABULARY, frame, model.toString()), List.of());
  }

  private static void writeMerges(Path file, ObjectNode vocabulary, JsonGenerator out)
      throws IOException {
    int number = 0;
    for (String line : TokenizerFiles.text(file).split("\r?\n")) {
      number++;
      if (line.startsWith("#version") || line.isEmpty()) {
        continue;
      }
      String[] parts = line.split(" ", -1);
      if (parts.length != 2 || !vocabulary.has(parts[0] + parts[1])) {
        throw TokenizerFiles.malformed(
            file,
            "has \"%s\" in line %d, expected two tokens that make one of vocab.json"
                .formatted(line, number));
      }
      out.writeStartArray();
      out.writeString(parts[0]);
      out.writeString(parts[1]);
      out.writeEndArray();
    }
  }
}
