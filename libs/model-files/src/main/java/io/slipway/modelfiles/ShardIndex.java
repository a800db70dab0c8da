package io.slipway.modelfiles;

import io.slipway.modelfiles.ModelFilesException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The index of a sharded checkpoint.
 *
 * @param shardOf file name by tensor name
 */
record ShardIndex(Map<String, String> shardOf) {

  private static final long MAX_BYTES = 100L << 20;
  private static final Pattern SHARD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*\\.safetensors");
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  static ShardIndex read(Path file) throws IOException {
    if (Files.size(file) > MAX_BYTES) {
      throw malformed("has %d bytes, the limit is %d".formatted(Files.size(file), MAX_BYTES));
    }
    JsonNode weightMap;
    try {
      weightMap = JSON.readTree(Files.readAllBytes(file)).path("weight_map");
    } catch (JacksonException e) {
      throw malformed("is not valid JSON: " + e.getOriginalMessage());
    }
    if (!weightMap.isObject() || weightMap.isEmpty()) {
      throw malformed("has no weight_map that names a shard for each tensor");
    }
    Map<String, String> shardOf = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : weightMap.properties()) {
      if (!entry.getValue().isString() || !SHARD.matcher(entry.getValue().asString()).matches()) {
        throw malformed(
            "maps %s to %s, expected the name of a .safetensors file beside it"
                .formatted(entry.getKey(), entry.getValue()));
      }
      shardOf.put(entry.getKey(), entry.getValue().asString());
    }
    return new ShardIndex(shardOf);
  }

  /** File names of the shards, each once. */
  List<String> shards() {
    return shardOf.values().stream().distinct().toList();
  }

  static ModelFilesException malformed(String problem) {
    return new ModelFilesException(Reason.MALFORMED_INDEX, WeightFiles.INDEX + " " + problem);
  }
}
