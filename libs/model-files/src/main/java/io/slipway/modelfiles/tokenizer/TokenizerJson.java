package io.slipway.modelfiles.tokenizer;

import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.ModelFilesException.Reason;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A tokenizer.json taken apart: the frame of normalizer, pre_tokenizer, post_processor and decoder
 * as a tree, the model with its vocabulary as the text that it is, since it can be large. Tokens
 * can be added as the tokenizers library adds them.
 */
final class TokenizerJson {

  static final String FILE = "tokenizer.json";

  private static final JsonMapper JSON = new JsonMapper();

  private final String source;
  private final ObjectNode frame;
  private final ModelText model;
  private final Map<String, Added> added = new LinkedHashMap<>();
  private int highestAdded = -1;

  private record Added(int id, AddedToken token) {}

  private TokenizerJson(String source, ObjectNode frame, ModelText model) {
    this.source = source;
    this.frame = frame;
    this.model = model;
    JsonNode tokens = frame.path("added_tokens");
    frame.remove("added_tokens");
    for (JsonNode token : tokens) {
      add(
          AddedToken.of(token, false)
              .filter(found -> !token.isString())
              .orElseThrow(() -> malformed("has an added token without content: " + token)));
    }
  }

  /**
   * Takes a whole tokenizer.json apart.
   *
   * @param source what error messages call it
   */
  static TokenizerJson parse(String source, String json) {
    try (JsonParser parser = JSON.createParser(json)) {
      ObjectNode frame = JSON.createObjectNode();
      Optional<ModelText> model = Optional.empty();
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw malformed(source, "is not a JSON object", null);
      }
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (name.equals("model") && value == JsonToken.START_OBJECT) {
          long start = parser.currentTokenLocation().getCharOffset();
          parser.skipChildren();
          long end = parser.currentLocation().getCharOffset();
          model = Optional.of(ModelText.parse(source, json.substring((int) start, (int) end)));
        } else {
          frame.set(name, parser.<JsonNode>readValueAsTree());
        }
      }
      if (parser.nextToken() != null) {
        throw malformed(source, "has text after its end", null);
      }
      return new TokenizerJson(
          source,
          frame,
          model.orElseThrow(
              () -> malformed(source, "has no \"model\", so it is no tokenizer", null)));
    } catch (JacksonException e) {
      throw malformed(source, "is not valid JSON: " + e.getOriginalMessage(), e);
    }
  }

  /**
   * Puts a tokenizer together.
   *
   * @param model the model as JSON text
   */
  static TokenizerJson of(String source, ObjectNode frame, String model) {
    frame.put("version", "1.0");
    return new TokenizerJson(source, frame, ModelText.parse(source, model));
  }

  /**
   * Adds a token. One that the vocabulary has keeps its id, another gets the next one; a token that
   * was added before can only become special.
   */
  void add(AddedToken token) {
    if (token.content().isEmpty()) {
      return;
    }
    Added before = added.get(token.content());
    if (before != null) {
      AddedToken merged = token.special() ? before.token().withSpecial() : before.token();
      added.put(token.content(), new Added(before.id(), merged));
      return;
    }
    int next = Math.max(model.vocabulary().size(), highestAdded + 1);
    int id = model.vocabulary().getOrDefault(token.content(), next);
    highestAdded = Math.max(highestAdded, id);
    added.put(token.content(), new Added(id, token));
  }

  void put(String part, JsonNode value) {
    frame.set(part, value);
  }

  boolean lacks(String part) {
    return frame.path(part).isMissingNode() || frame.path(part).isNull();
  }

  OptionalInt id(String token) {
    Added found = added.get(token);
    Integer id = found == null ? model.vocabulary().get(token) : Integer.valueOf(found.id());
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  boolean isBpe() {
    return model.type().equals("BPE");
  }

  TokenDecoder decoder() {
    return new TokenDecoder(
        lacks("decoder") ? Optional.empty() : Optional.of(frame.path("decoder")),
        model.subwordPrefix());
  }

  Vocabulary vocabulary() {
    Map<String, Integer> ids = new HashMap<>(model.vocabulary());
    BitSet special = new BitSet();
    for (Added token : added.values()) {
      ids.put(token.token().content(), token.id());
      special.set(token.id(), token.token().special());
    }
    return new Vocabulary(ids, special);
  }

  /**
   * The whole as JSON text, without truncation and padding, which are the caller's.
   *
   * @throws ModelFilesException when a part is such that the native library would end the process
   */
  String text() {
    FragileParts.check(this, frame);
    ObjectNode head = frame.deepCopy();
    head.putNull("truncation");
    head.putNull("padding");
    ArrayNode tokens = head.putArray("added_tokens");
    added.values().stream()
        .sorted(Comparator.comparingInt(Added::id))
        .map(token -> token.token().toJson(token.id()))
        .forEach(tokens::add);
    String text = JSON.writeValueAsString(head);
    return text.substring(0, text.length() - 1) + ",\"model\":" + model.json() + "}";
  }

  ModelFilesException malformed(String problem) {
    return malformed(source, problem, null);
  }

  ModelFilesException malformed(String problem, RuntimeException cause) {
    return malformed(source, problem, cause);
  }

  static ModelFilesException malformed(String source, String problem, @Nullable Exception cause) {
    String message = source + " " + problem;
    return cause == null
        ? new ModelFilesException(Reason.MALFORMED_TOKENIZER, message)
        : new ModelFilesException(Reason.MALFORMED_TOKENIZER, message, cause);
  }
}
