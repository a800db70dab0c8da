package io.slipway.modelfiles.tokenizer;

import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * How tokens become text again.
 *
 * @param decoder of tokenizer.json; empty when tokens are put together with spaces
 * @param subwordPrefix what a token begins with that continues a word; empty for none
 */
record TokenDecoder(Optional<JsonNode> decoder, String subwordPrefix) {

  private static final JsonMapper JSON = new JsonMapper();

  /** Whether characters are put together from byte tokens. */
  boolean decodesBytes() {
    return decoder.map(node -> node.findValuesAsString("type")).stream()
        .anyMatch(types -> types.contains("ByteFallback"));
  }

  /** A tokenizer.json that has this decoder and these tokens by id, and nothing else. */
  Optional<String> tokenizerOf(Map<String, Integer> tokens) {
    return decoder.map(
        node -> {
          ObjectNode json = JSON.createObjectNode().put("version", "1.0");
          json.putArray("added_tokens");
          json.set("decoder", node);
          ObjectNode model = json.putObject("model").put("type", "WordLevel").put("unk_token", "");
          ObjectNode vocabulary = model.putObject("vocab");
          tokens.forEach(vocabulary::put);
          return JSON.writeValueAsString(json);
        });
  }
}
