package io.slipway.modelfiles.tokenizer;

import io.slipway.modelfiles.ModelFilesException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What stands beside a tokenizer's rules: tokenizer_config.json and, where that does not list the
 * added tokens itself, the older special_tokens_map.json and added_tokens.json.
 *
 * @param config tokenizer_config.json; an empty object where there is none
 * @param specialTokens by role, such as {@code pad}, in the reference's order; a role that is
 *     expressly null is in {@code absentRoles} instead
 * @param addedTokens those that have an id here, by id
 * @param extraTokens further special tokens; empty when the files do not speak of them
 */
record TokenizerSettings(
    ObjectNode config,
    Map<String, AddedToken> specialTokens,
    List<String> absentRoles,
    SortedMap<Integer, AddedToken> addedTokens,
    Optional<List<AddedToken>> extraTokens) {

  /** Roles in the reference's order, in which tokens that the vocabulary lacks get their ids. */
  static final List<String> ROLES = List.of("bos", "eos", "unk", "sep", "pad", "cls", "mask");

  private static final String SUFFIX = "_token";

  static TokenizerSettings read(Path directory) throws IOException {
    Path file = directory.resolve(TokenizerFiles.CONFIG);
    ObjectNode config = TokenizerFiles.object(file);
    ObjectNode merged = config.deepCopy();
    SortedMap<Integer, AddedToken> added = new TreeMap<>();
    if (config.path("added_tokens_decoder") instanceof ObjectNode decoder) {
      decoder.forEachEntry((id, token) -> added.put(id(file, id), token(file, id, token)));
    } else {
      merged.setAll(TokenizerFiles.object(directory.resolve(TokenizerFiles.SPECIAL_TOKENS)));
    }
    Map<String, AddedToken> special = new LinkedHashMap<>();
    List<String> absent = new ArrayList<>();
    ROLES.forEach(role -> role(merged, role, special, absent));
    merged.properties().stream()
        .map(Map.Entry::getKey)
        .filter(name -> name.endsWith(SUFFIX))
        .map(name -> name.substring(0, name.length() - SUFFIX.length()))
        .filter(role -> !ROLES.contains(role))
        .forEach(role -> role(merged, role, special, absent));
    Optional<List<AddedToken>> extra = extraTokens(merged, special);
    if (!config.has("added_tokens_decoder")) {
      readAddedTokens(directory, special, extra.orElse(List.of()), added);
    }
    special.replaceAll((role, token) -> flagged(token, added));
    return new TokenizerSettings(config, special, absent, added, extra);
  }

  private static void role(
      ObjectNode config, String role, Map<String, AddedToken> special, List<String> absent) {
    JsonNode token = config.path(role + SUFFIX);
    AddedToken.of(token, true).ifPresent(found -> special.put(role, found));
    if (token.isNull()) {
      absent.add(role);
    }
  }

  private static Optional<List<AddedToken>> extraTokens(
      ObjectNode config, Map<String, AddedToken> special) {
    JsonNode extra = config.path("extra_special_tokens");
    JsonNode node =
        extra.isEmpty() && config.has("additional_special_tokens")
            ? config.path("additional_special_tokens")
            : extra;
    if (node instanceof ObjectNode named) {
      named.forEachEntry(
          (name, token) ->
              AddedToken.of(token, true)
                  .ifPresent(found -> special.put(name.replaceFirst("_token$", ""), found)));
      return Optional.empty();
    }
    if (!node.isArray()) {
      return Optional.empty();
    }
    List<AddedToken> tokens = new ArrayList<>();
    node.forEach(token -> AddedToken.of(token, true).ifPresent(tokens::add));
    return Optional.of(tokens);
  }

  private static void readAddedTokens(
      Path directory,
      Map<String, AddedToken> special,
      List<AddedToken> extra,
      SortedMap<Integer, AddedToken> added)
      throws IOException {
    Path file = directory.resolve(TokenizerFiles.ADDED_TOKENS);
    for (Map.Entry<String, JsonNode> entry : TokenizerFiles.object(file).properties()) {
      if (!entry.getValue().canConvertToInt()) {
        throw TokenizerFiles.malformed(
            file, "gives %s the id %s".formatted(entry.getKey(), entry.getValue()));
      }
      String content = entry.getKey();
      boolean isSpecial =
          special.values().stream().anyMatch(token -> token.content().equals(content))
              || extra.stream().anyMatch(token -> token.content().equals(content));
      added.put(
          entry.getValue().asInt(),
          new AddedToken(content, false, false, false, !isSpecial, isSpecial));
    }
  }

  private static AddedToken flagged(AddedToken token, SortedMap<Integer, AddedToken> added) {
    return added.values().stream()
        .filter(other -> other.content().equals(token.content()))
        .findFirst()
        .map(AddedToken::withSpecial)
        .orElse(token);
  }

  private static int id(Path file, String id) {
    try {
      return Integer.parseInt(id);
    } catch (NumberFormatException e) {
      throw TokenizerFiles.malformed(file, "lists an added token by the id \"" + id + "\"");
    }
  }

  private static AddedToken token(Path file, String id, JsonNode token) {
    return AddedToken.of(token, false)
        .orElseThrow(
            () -> TokenizerFiles.malformed(file, "has no content for the added token " + id));
  }

  /** {@code model_max_length}; the reference writes an astronomic number for "no limit". */
  int maxLength(int absent) {
    JsonNode value = config.path("model_max_length");
    if (!value.isNumber()) {
      return absent;
    }
    double length = value.asDouble();
    if (!(length >= 1)) {
      throw malformed("model_max_length is " + value + ", expected a positive number");
    }
    return (int) Math.min(Integer.MAX_VALUE, length);
  }

  TruncationSide truncationSide() {
    return switch (config.path("truncation_side").asString("right")) {
      case "right" -> TruncationSide.RIGHT;
      case "left" -> TruncationSide.LEFT;
      default ->
          throw malformed(
              "truncation_side is %s, expected left or right"
                  .formatted(config.path("truncation_side")));
    };
  }

  /** Whether an option is set to true, or what it is where it is not set. */
  boolean flag(String option, boolean absent) {
    JsonNode value = config.path(option);
    if (value.isMissingNode() || value.isNull()) {
      return absent;
    }
    if (!value.isBoolean()) {
      throw malformed("%s is %s, expected true or false".formatted(option, value));
    }
    return value.asBoolean();
  }

  ModelFilesException malformed(String problem) {
    return TokenizerFiles.malformed(Path.of(TokenizerFiles.CONFIG), ": " + problem);
  }
}
