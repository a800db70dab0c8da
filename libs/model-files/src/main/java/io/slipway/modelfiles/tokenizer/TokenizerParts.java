package io.slipway.modelfiles.tokenizer;

import java.util.Map;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Parts of a tokenizer.json: normalizers, pre-tokenizers, decoders and post-processors. */
final class TokenizerParts {

  private static final JsonMapper JSON = new JsonMapper();

  private TokenizerParts() {}

  /** A part that is written as in the file, with {@code '} for quotation marks. */
  static ObjectNode part(String json) {
    return (ObjectNode) JSON.readTree(json.replace('\'', '"'));
  }

  /** Parts one after the other. */
  static ObjectNode sequence(String field, JsonNode... parts) {
    ObjectNode sequence = JsonNodeFactory.instance.objectNode().put("type", "Sequence");
    ArrayNode array = sequence.putArray(field);
    for (JsonNode part : parts) {
      array.add(part);
    }
    return sequence;
  }

  static ObjectNode metaspace(String prependScheme, boolean split) {
    return part("{'type': 'Metaspace', 'replacement': '\u2581'}")
        .put("prepend_scheme", prependScheme)
        .put("split", split);
  }

  static ObjectNode byteLevel(boolean addPrefixSpace, boolean useRegex) {
    return part("{'type': 'ByteLevel', 'trim_offsets': true}")
        .put("add_prefix_space", addPrefixSpace)
        .put("use_regex", useRegex);
  }

  static ObjectNode replace(String text, String replacement) {
    ObjectNode replace = part("{'type': 'Replace', 'pattern': {}}").put("content", replacement);
    replace.withObject("/pattern").put("String", text);
    return replace;
  }

  /** Frames of a text and of a pair, in the notation of {@link #template}. */
  record Template(String single, String pair) {}

  /**
   * A template such as {@code [CLS]:0 A:0 [SEP]:0}: parts with the type id of their tokens. Special
   * tokens are those by {@code roles}, so that {@code cls:0} is the token with that role.
   */
  static ObjectNode template(TokenizerJson json, Map<String, AddedToken> roles, Template template) {
    ObjectNode node = part("{'type': 'TemplateProcessing'}");
    ObjectNode tokens = JsonNodeFactory.instance.objectNode();
    node.set("single", pieces(json, roles, template.single(), tokens));
    node.set("pair", pieces(json, roles, template.pair(), tokens));
    node.set("special_tokens", tokens);
    return node;
  }

  private static ArrayNode pieces(
      TokenizerJson json, Map<String, AddedToken> roles, String template, ObjectNode tokens) {
    ArrayNode pieces = JsonNodeFactory.instance.arrayNode();
    for (String part : template.strip().split(" +")) {
      String name = part.substring(0, part.indexOf(':'));
      int type = Integer.parseInt(part.substring(name.length() + 1));
      boolean sequence = name.equals("A") || name.equals("B");
      String id = sequence ? name : content(json, roles, name);
      pieces
          .addObject()
          .putObject(sequence ? "Sequence" : "SpecialToken")
          .put("id", id)
          .put("type_id", type);
      if (!sequence) {
        ObjectNode token = tokens.putObject(id).put("id", id);
        token.putArray("ids").add(id(json, id));
        token.putArray("tokens").add(id);
      }
    }
    return pieces;
  }

  /** RoBERTa's frame, {@code <s> A </s></s> B </s>}, which also trims offsets. */
  static ObjectNode robertaProcessing(
      TokenizerJson json,
      Map<String, AddedToken> roles,
      boolean trimOffsets,
      boolean addPrefixSpace) {
    ObjectNode node = part("{'type': 'RobertaProcessing'}");
    for (String role : new String[] {"sep", "cls"}) {
      String content = content(json, roles, role);
      node.putArray(role).add(content).add(id(json, content));
    }
    return node.put("trim_offsets", trimOffsets).put("add_prefix_space", addPrefixSpace);
  }

  private static String content(TokenizerJson json, Map<String, AddedToken> roles, String role) {
    AddedToken token = roles.get(role);
    if (token == null) {
      throw json.malformed("needs a %s_token, which its settings do not have".formatted(role));
    }
    return token.content();
  }

  private static int id(TokenizerJson json, String token) {
    OptionalInt id = json.id(token);
    return id.orElseThrow(() -> json.malformed("has no id for the token " + token));
  }
}
