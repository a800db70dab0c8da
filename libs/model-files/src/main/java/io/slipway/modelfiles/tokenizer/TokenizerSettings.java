package io.slipway.modelfiles.tokenizer;

import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.ModelFilesException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What stands beside the tokenizer's rules.
 *
 * @param maxLength {@code model_max_length}; {@link Integer#MAX_VALUE} when unlimited
 * @param specialTokens ids by role: pad, cls, sep, mask, unk, bos, eos, as far as they are defined
 */
record TokenizerSettings(int maxLength, Map<String, Long> specialTokens) {

  private static final String[] ROLES = {"pad", "cls", "sep", "mask", "unk", "bos", "eos"};
  private static final JsonMapper JSON = new JsonMapper();

  static TokenizerSettings read(Path tokenizer, Path config) throws IOException {
    try {
      Map<String, Long> added = addedTokens(tokenizer);
      JsonNode settings =
          Files.exists(config)
              ? JSON.readTree(Files.readAllBytes(config))
              : JSON.createObjectNode();
      Map<String, Long> special = new HashMap<>();
      for (String role : ROLES) {
        JsonNode token = settings.path(role + "_token");
        String text = token.isObject() ? token.path("content").asString("") : token.asString("");
        Optional.ofNullable(added.get(text)).ifPresent(id -> special.put(role, id));
      }
      return new TokenizerSettings(
          maxLength(settings.path("model_max_length")), Map.copyOf(special));
    } catch (JacksonException e) {
      throw new ModelFilesException(
          Reason.MALFORMED_TOKENIZER,
          "%s or %s is not valid JSON: %s"
              .formatted(tokenizer.getFileName(), config.getFileName(), e.getOriginalMessage()),
          e);
    }
  }

  /** The reference writes an astronomic number for "no limit". */
  private static int maxLength(JsonNode value) {
    if (!value.isNumber()) {
      return Integer.MAX_VALUE;
    }
    double length = value.asDouble();
    if (length < 1) {
      throw new ModelFilesException(
          Reason.MALFORMED_TOKENIZER,
          "tokenizer_config.json: model_max_length is " + value + ", expected a positive number");
    }
    return (int) Math.min(Integer.MAX_VALUE, length);
  }

  /**
   * Ids of {@code added_tokens} by their text; read as a stream, since the vocabulary around them
   * may be large.
   */
  private static Map<String, Long> addedTokens(Path tokenizer) throws IOException {
    Map<String, Long> tokens = new HashMap<>();
    try (JsonParser parser = JSON.createParser(Files.readAllBytes(tokenizer))) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new ModelFilesException(
            Reason.MALFORMED_TOKENIZER, tokenizer.getFileName() + " is not a JSON object");
      }
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        boolean added = parser.currentName().equals("added_tokens");
        parser.nextToken();
        if (added) {
          JsonNode list = parser.readValueAsTree();
          for (JsonNode token : list) {
            tokens.put(token.path("content").asString(""), token.path("id").asLong(-1));
          }
        } else {
          parser.skipChildren();
        }
      }
    }
    return tokens;
  }
}
