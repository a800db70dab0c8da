package io.slipway.modelfiles.tokenizer;

import io.slipway.modelfiles.tokenizer.sentencepiece.Charsmap;
import java.util.Base64;
import tools.jackson.databind.JsonNode;

/**
 * Parts of a tokenizer that the native library takes on trust: malformed, they would end the
 * process instead of failing, so they are looked at before.
 */
final class FragileParts {

  private FragileParts() {}

  static void check(TokenizerJson tokenizer, JsonNode part) {
    switch (part.path("type").asString("")) {
      case "TemplateProcessing" -> checkTemplate(tokenizer, part);
      case "Precompiled" -> checkCharsmap(tokenizer, part.path("precompiled_charsmap"));
      case "Strip" -> {
        if (part.path("stop").asInt(0) != 0) {
          throw tokenizer.malformed(
              "has a decoder that strips %s characters from the end of every token, which is not supported"
                  .formatted(part.path("stop")));
        }
      }
      case "FixedLength" -> {
        if (part.path("length").asInt(1) < 1) {
          throw tokenizer.malformed("has a pre_tokenizer of the length " + part.path("length"));
        }
      }
      default -> {}
    }
    part.forEach(child -> check(tokenizer, child));
  }

  private static void checkTemplate(TokenizerJson tokenizer, JsonNode template) {
    JsonNode tokens = template.path("special_tokens");
    tokens.forEachEntry(
        (name, token) -> {
          if (token.path("ids").size() != token.path("tokens").size()) {
            throw tokenizer.malformed(
                "has a template whose special token %s has not as many ids as tokens"
                    .formatted(name));
          }
        });
    for (JsonNode piece : template.path("single")) {
      checkPiece(tokenizer, tokens, piece);
      if (piece.path("Sequence").path("id").asString("").equals("B")) {
        throw tokenizer.malformed("has a template for a single text that asks for a second one");
      }
    }
    for (JsonNode piece : template.path("pair")) {
      checkPiece(tokenizer, tokens, piece);
    }
  }

  private static void checkPiece(TokenizerJson tokenizer, JsonNode tokens, JsonNode piece) {
    String id = piece.path("SpecialToken").path("id").asString("");
    if (piece.has("SpecialToken") && !tokens.has(id)) {
      throw tokenizer.malformed(
          "has a template with the special token %s, which it does not define".formatted(id));
    }
  }

  private static void checkCharsmap(TokenizerJson tokenizer, JsonNode charsmap) {
    try {
      Charsmap.parse(Base64.getDecoder().decode(charsmap.asString("")));
    } catch (IllegalArgumentException e) {
      throw tokenizer.malformed("has a malformed precompiled_charsmap: " + e.getMessage(), e);
    }
  }
}
