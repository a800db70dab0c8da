package io.slipway.models.task.features;

import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.ModelFilesException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What sentence-transformers writes beside a model: modules.json lists what happens to the states,
 * and each module has its settings in a folder. Without it, states are averaged, as that library
 * does for a plain model.
 *
 * @param poolings one after the other, their vectors put together
 * @param includePrompt whether the tokens of a prompt count
 * @param maxLength tokens at most of a text
 * @param prompts texts that can be put before a text, by name
 */
record SentenceModules(
    List<Pooling> poolings,
    boolean includePrompt,
    boolean normalize,
    int maxLength,
    boolean lowerCase,
    Map<String, String> prompts,
    Optional<String> defaultPrompt) {

  private static final JsonMapper JSON = new JsonMapper();
  private static final String MODULES = "modules.json";

  static SentenceModules read(Path directory) throws IOException {
    JsonNode settings = object(directory.resolve("config_sentence_transformers.json"));
    Map<String, String> prompts = new LinkedHashMap<>();
    settings.path("prompts").forEachEntry((name, text) -> prompts.put(name, text.asString("")));
    Optional<String> defaultPrompt =
        Optional.of(settings.path("default_prompt_name").asString("")).filter(s -> !s.isEmpty());
    if (defaultPrompt.isPresent() && !prompts.containsKey(defaultPrompt.get())) {
      throw malformed(
          "config_sentence_transformers.json has no prompt \"%s\", its default_prompt_name"
              .formatted(defaultPrompt.get()));
    }
    JsonNode transformer = object(directory.resolve("sentence_bert_config.json"));
    JsonNode length = transformer.path("max_seq_length");
    int maxLength = length.isNumber() ? length.asInt() : Integer.MAX_VALUE;
    if (maxLength < 1) {
      throw malformed("sentence_bert_config.json has the max_seq_length " + maxLength);
    }
    List<Pooling> poolings = List.of(Pooling.MEAN);
    boolean includePrompt = true;
    boolean normalize = false;
    for (JsonNode module : modules(directory)) {
      String path = module.path("path").asString("");
      String type = module.path("type").asString("");
      switch (type.substring(type.lastIndexOf('.') + 1)) {
        case "Transformer" -> {
          if (!path.isEmpty()) {
            throw unsupported("the Transformer in the folder " + path + "; supported: at the root");
          }
        }
        case "Pooling" -> {
          JsonNode pooling = object(settingsFolder(directory, path).resolve("config.json"));
          poolings = poolings(pooling);
          includePrompt = pooling.path("include_prompt").asBoolean(true);
        }
        case "Normalize" -> normalize = true;
        default ->
            throw unsupported(
                "the module %s; supported: Transformer, Pooling, Normalize".formatted(type));
      }
    }
    return new SentenceModules(
        poolings,
        includePrompt,
        normalize,
        maxLength,
        transformer.path("do_lower_case").asBoolean(false),
        prompts,
        defaultPrompt);
  }

  private static Iterable<JsonNode> modules(Path directory) throws IOException {
    Path file = directory.resolve(MODULES);
    if (!Files.isRegularFile(file)) {
      return List.of();
    }
    JsonNode modules = tree(file);
    if (!modules.isArray()) {
      throw malformed(MODULES + " is not a list of modules");
    }
    return modules;
  }

  private static Path settingsFolder(Path directory, String path) {
    if (!path.matches("[A-Za-z0-9_-]+")) {
      throw malformed("%s has a module in the folder \"%s\"".formatted(MODULES, path));
    }
    return directory.resolve(path);
  }

  private static List<Pooling> poolings(JsonNode config) {
    List<Pooling> poolings = new ArrayList<>();
    JsonNode mode = config.path("pooling_mode");
    if (mode.isString()) {
      for (String name : mode.asString().split("\\+")) {
        poolings.add(
            Stream.of(Pooling.values())
                .filter(pooling -> pooling.mode().equals(name))
                .findFirst()
                .orElseThrow(() -> unsupported("the pooling_mode " + name)));
      }
      return poolings;
    }
    config.forEachEntry(
        (name, value) -> {
          boolean known = Stream.of(Pooling.values()).anyMatch(p -> p.option().equals(name));
          if (name.startsWith("pooling_mode_") && value.asBoolean(false) && !known) {
            throw unsupported(name);
          }
        });
    for (Pooling pooling : Pooling.values()) {
      boolean absent = pooling == Pooling.MEAN && !config.has(pooling.option());
      if (config.path(pooling.option()).asBoolean(absent)) {
        poolings.add(pooling);
      }
    }
    if (poolings.isEmpty()) {
      throw malformed("the configuration of the Pooling module turns no pooling_mode on");
    }
    return poolings;
  }

  private static JsonNode object(Path file) throws IOException {
    return Files.isRegularFile(file) ? tree(file) : JSON.createObjectNode();
  }

  private static JsonNode tree(Path file) throws IOException {
    try {
      return JSON.readTree(Files.readAllBytes(file));
    } catch (JacksonException e) {
      throw new ModelFilesException(
          Reason.MALFORMED_CONFIG,
          file.getFileName() + " is not valid JSON: " + e.getOriginalMessage(),
          e);
    }
  }

  private static ModelFilesException malformed(String problem) {
    return new ModelFilesException(Reason.MALFORMED_CONFIG, problem);
  }

  private static ModelFilesException unsupported(String what) {
    return new ModelFilesException(
        Reason.UNSUPPORTED_CONFIG, MODULES + " needs " + what + ", which is not supported");
  }
}
