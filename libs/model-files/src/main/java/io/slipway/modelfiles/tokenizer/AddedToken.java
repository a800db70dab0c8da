package io.slipway.modelfiles.tokenizer;

import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A token that is found in a text before anything else happens to it.
 *
 * @param singleWord only where it stands as a word of its own
 * @param lstrip together with the white space before it
 * @param rstrip together with the white space after it
 * @param normalized looked for in the normalised text
 * @param special left out when text is decoded
 */
record AddedToken(
    String content,
    boolean singleWord,
    boolean lstrip,
    boolean rstrip,
    boolean normalized,
    boolean special) {

  /** A special token that is found exactly as it is written. */
  static AddedToken special(String content) {
    return new AddedToken(content, false, false, false, false, true);
  }

  /** A token from its text alone or from all of its fields; empty for anything else. */
  static Optional<AddedToken> of(JsonNode node, boolean special) {
    if (node.isString()) {
      return Optional.of(new AddedToken(node.asString(), false, false, false, !special, special));
    }
    if (!node.path("content").isString()) {
      return Optional.empty();
    }
    boolean marked = special || node.path("special").asBoolean(false);
    return Optional.of(
        new AddedToken(
            node.path("content").asString(),
            node.path("single_word").asBoolean(false),
            node.path("lstrip").asBoolean(false),
            node.path("rstrip").asBoolean(false),
            node.path("normalized").asBoolean(!marked),
            marked));
  }

  AddedToken withSpecial() {
    return new AddedToken(content, singleWord, lstrip, rstrip, normalized, true);
  }

  AddedToken withLstrip() {
    return new AddedToken(content, singleWord, true, rstrip, normalized, special);
  }

  ObjectNode toJson(int id) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", id)
        .put("content", content)
        .put("single_word", singleWord)
        .put("lstrip", lstrip)
        .put("rstrip", rstrip)
        .put("normalized", normalized)
        .put("special", special);
  }
}
