package io.slipway.hub.server;

import io.slipway.hub.ModelCard;
import io.slipway.hub.ModelJson;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Reads the metadata block at the top of a model card (<a
 * href="https://huggingface.co/docs/hub/model-cards">model cards</a>): YAML between two lines of
 * three dashes. A card that cannot be read counts as one without metadata.
 */
final class FrontMatter {

  private static final Logger LOG = LoggerFactory.getLogger(FrontMatter.class);
  private static final int MAX_DEPTH = 20;

  private FrontMatter() {}

  static ModelCard read(String readme, @Nullable String defaultLibrary) {
    JsonNode data = parse(readme);
    String task = text(data, "pipeline_tag");
    String library =
        text(data, "library_name") == null ? defaultLibrary : text(data, "library_name");
    Set<String> tags = new LinkedHashSet<>();
    if (library != null) {
      tags.add(library);
    }
    addAll(tags, "", data.path("tags"));
    if (task != null) {
      tags.add(task);
    }
    addAll(tags, "", data.path("language"));
    addAll(tags, "dataset:", data.path("datasets"));
    addAll(tags, "base_model:", data.path("base_model"));
    addAll(tags, "license:", data.path("license"));
    return new ModelCard(task, library, List.copyOf(tags), data);
  }

  private static JsonNode parse(String readme) {
    String text = readme.replace("\r\n", "\n");
    int end = text.indexOf("\n---", 3);
    if (!text.startsWith("---\n") || end < 0) {
      return ModelJson.MAPPER.nullNode();
    }
    try {
      Object yaml = new Yaml(new SafeConstructor(limits())).load(text.substring(4, end + 1));
      return yaml instanceof Map ? ModelJson.MAPPER.valueToTree(yaml) : ModelJson.MAPPER.nullNode();
    } catch (YAMLException | JacksonException e) {
      LOG.warn("A model card's metadata cannot be read: {}", e.getMessage());
      return ModelJson.MAPPER.nullNode();
    }
  }

  /** Aliases are refused: a few of them can stand for an endless or an enormous structure. */
  private static LoaderOptions limits() {
    var options = new LoaderOptions();
    options.setMaxAliasesForCollections(0);
    options.setNestingDepthLimit(MAX_DEPTH);
    return options;
  }

  private static @Nullable String text(JsonNode data, String field) {
    JsonNode value = data.path(field);
    return value.isString() ? value.asString() : null;
  }

  private static void addAll(Set<String> tags, String prefix, JsonNode values) {
    if (values.isString()) {
      tags.add(prefix + values.asString());
    }
    for (JsonNode value : values) {
      if (value.isString()) {
        tags.add(prefix + value.asString());
      }
    }
  }
}
