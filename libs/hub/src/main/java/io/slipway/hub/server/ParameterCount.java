package io.slipway.hub.server;

import io.slipway.hub.ModelJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Counts the parameters of a safetensors file by type, from its header alone (<a
 * href="https://huggingface.co/docs/safetensors">format</a>: length in 8 bytes, then JSON).
 */
final class ParameterCount {

  private static final long MAX_HEADER_BYTES = 100_000_000;

  private ParameterCount() {}

  /** Empty for a file that is no valid safetensors file. */
  static Map<String, Long> of(Path file) throws IOException {
    try (InputStream content = Files.newInputStream(file)) {
      byte[] prefix = content.readNBytes(Long.BYTES);
      if (prefix.length < Long.BYTES) {
        return Map.of();
      }
      long length = ByteBuffer.wrap(prefix).order(ByteOrder.LITTLE_ENDIAN).getLong();
      if (length < 0 || length > Math.min(MAX_HEADER_BYTES, Files.size(file))) {
        return Map.of();
      }
      return count(ModelJson.MAPPER.readTree(content.readNBytes((int) length)));
    } catch (JacksonException e) {
      return Map.of();
    }
  }

  private static Map<String, Long> count(JsonNode header) {
    Map<String, Long> counts = new TreeMap<>();
    for (Map.Entry<String, JsonNode> tensor : header.properties()) {
      if (!tensor.getKey().equals("__metadata__")) {
        long elements = 1;
        for (JsonNode dimension : tensor.getValue().path("shape")) {
          elements *= dimension.asLong(0);
        }
        counts.merge(tensor.getValue().path("dtype").asString("unknown"), elements, Long::sum);
      }
    }
    return counts;
  }

  /** As {@code GET /api/models/{id}} shows it; a null node when nothing was counted. */
  static JsonNode write(Map<String, Long> counts) {
    if (counts.isEmpty()) {
      return ModelJson.MAPPER.nullNode();
    }
    ObjectNode json = ModelJson.MAPPER.createObjectNode();
    ObjectNode parameters = json.putObject("parameters");
    counts.forEach(parameters::put);
    json.put("total", counts.values().stream().mapToLong(Long::longValue).sum());
    return json;
  }
}
