package io.slipway.modelfiles.tokenizer;

import java.util.HashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/**
 * The {@code model} of a tokenizer.json.
 *
 * @param json its text
 * @param type BPE, WordPiece, Unigram or WordLevel; empty where it is not said
 * @param subwordPrefix what a token begins with that continues a word; empty for none
 * @param vocabulary ids by token
 */
record ModelText(String json, String type, String subwordPrefix, Map<String, Integer> vocabulary) {

  static final int MAX_ID = 1 << 24;
  private static final JsonMapper JSON = new JsonMapper();

  static ModelText parse(String source, String json) {
    Map<String, Integer> vocabulary = new HashMap<>();
    String type = "";
    String prefix = "";
    try (JsonParser parser = JSON.createParser(json)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (name.equals("vocab")) {
          readVocabulary(source, parser, vocabulary);
        } else if (name.equals("type") && value == JsonToken.VALUE_STRING) {
          type = parser.getString();
        } else if (name.equals("continuing_subword_prefix") && value == JsonToken.VALUE_STRING) {
          prefix = parser.getString();
        } else {
          parser.skipChildren();
        }
      }
    } catch (JacksonException e) {
      throw TokenizerJson.malformed(source, "is not valid JSON: " + e.getOriginalMessage(), e);
    }
    if (!prefix.isEmpty()) {
      checkMerges(source, json, prefix);
    }
    return new ModelText(json, type, prefix, vocabulary);
  }

  /** Either ids by token, or an array of tokens with their scores. */
  private static void readVocabulary(
      String source, JsonParser parser, Map<String, Integer> vocabulary) {
    if (parser.currentToken() == JsonToken.START_ARRAY) {
      for (int id = 0; parser.nextToken() == JsonToken.START_ARRAY; id++) {
        if (parser.nextToken() != JsonToken.VALUE_STRING) {
          throw TokenizerJson.malformed(source, "has a token %d without text".formatted(id), null);
        }
        vocabulary.put(parser.getString(), checked(source, id));
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          parser.skipChildren();
        }
      }
    } else if (parser.currentToken() == JsonToken.START_OBJECT) {
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String token = parser.currentName();
        if (parser.nextToken() != JsonToken.VALUE_NUMBER_INT) {
          throw TokenizerJson.malformed(
              source, "has no whole number as the id of \"%s\"".formatted(token), null);
        }
        vocabulary.put(token, checked(source, parser.getLongValue()));
      }
    }
  }

  private static int checked(String source, long id) {
    if (id < 0 || id > MAX_ID) {
      throw TokenizerJson.malformed(
          source, "has a token with the id %d, expected 0 to %d".formatted(id, MAX_ID), null);
    }
    return (int) id;
  }

  /** The native library cuts the prefix off the second part of every merge without looking. */
  private static void checkMerges(String source, String json, String prefix) {
    for (var merge : JSON.readTree(json).path("merges")) {
      String second =
          merge.isArray()
              ? merge.path(1).asString("")
              : merge.asString("").substring(merge.asString("").indexOf(' ') + 1);
      if (!second.startsWith(prefix)) {
        throw TokenizerJson.malformed(
            source,
            "has the merge %s, whose second part lacks the prefix %s".formatted(merge, prefix),
            null);
      }
    }
  }
}
