package io.slipway.modelfiles.chat;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.ModelFilesException.Reason;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Where a checkpoint keeps its templates: chat_template.jinja and additional_chat_templates, or,
 * where it has neither, tokenizer_config.json.
 *
 * @param templates sources by name
 * @param specialTokens texts by the names that templates know them by
 */
record ChatTemplateFiles(Map<String, String> templates, Map<String, String> specialTokens) {

  private static final String FILE = "chat_template.jinja";
  private static final String CONFIG = "tokenizer_config.json";
  private static final String TOKENS = "special_tokens_map.json";
  private static final String FOLDER = "additional_chat_templates";
  private static final String SUFFIX = ".jinja";
  private static final String FIELD = "chat_template";

  /** Tokens of a model's own, such as {@code image_token}; in older files a list without names. */
  private static final String NAMED_TOKENS = "extra_special_tokens";

  private static final long MAX_BYTES = 1 << 20;
  private static final List<String> SPECIAL_TOKENS =
      List.of(
          "bos_token",
          "eos_token",
          "unk_token",
          "sep_token",
          "pad_token",
          "cls_token",
          "mask_token");

  static boolean isOne(String path) {
    return path.equals(FILE)
        || path.equals(CONFIG)
        || path.equals(TOKENS)
        || (path.startsWith(FOLDER + "/") && path.endsWith(SUFFIX));
  }

  static ChatTemplateFiles read(Path directory) throws IOException {
    Optional<ModelConfig> config = optional(directory.resolve(CONFIG));
    Optional<ModelConfig> tokens = optional(directory.resolve(TOKENS));
    Map<String, String> templates = inFiles(directory);
    if (templates.isEmpty() && config.isPresent()) {
      templates = inConfig(config.get());
    }
    Map<String, String> specialTokens = new HashMap<>();
    config.ifPresent(file -> addTokens(specialTokens, file));
    // As the reference does: the older file counts only where the newer lacks the tokens' details.
    if (config.isEmpty() || !config.get().has("added_tokens_decoder")) {
      tokens.ifPresent(file -> addTokens(specialTokens, file));
    }
    return new ChatTemplateFiles(templates, specialTokens);
  }

  private static void addTokens(Map<String, String> specialTokens, ModelConfig file) {
    SPECIAL_TOKENS.forEach(
        name -> token(file, name).ifPresent(token -> specialTokens.put(name, token)));
    if (file.node(NAMED_TOKENS).filter(JsonNode::isObject).isPresent()) {
      ModelConfig named = file.object(NAMED_TOKENS).orElseThrow();
      named
          .fields()
          .forEach(name -> token(named, name).ifPresent(token -> specialTokens.put(name, token)));
    }
  }

  private static Optional<ModelConfig> optional(Path file) throws IOException {
    try {
      return Files.exists(file) ? Optional.of(ModelConfig.read(file)) : Optional.empty();
    } catch (ModelFilesException e) {
      throw new ModelFilesException(Reason.MALFORMED_TOKENIZER, e.getMessage(), e);
    }
  }

  private static Optional<String> token(ModelConfig config, String name) {
    return config
        .node(name)
        .map(token -> token.isObject() ? token.path("content") : token)
        .map(
            token -> {
              if (!token.isString()) {
                throw malformed(config.wrong(name, token, "a string"));
              }
              return token.asString();
            });
  }

  private static Map<String, String> inConfig(ModelConfig config) {
    Optional<JsonNode> field = config.node(FIELD);
    if (field.isEmpty()) {
      return Map.of();
    }
    JsonNode node = field.get();
    if (node.isString()) {
      return Map.of("default", node.asString());
    }
    Map<String, String> templates = new LinkedHashMap<>();
    for (JsonNode named : node.isArray() ? node : List.of(node)) {
      if (!named.path("name").isString() || !named.path("template").isString()) {
        throw malformed(
            config.wrong(FIELD, node, "a string, or an array of objects of name and template"));
      }
      templates.put(named.get("name").asString(), named.get("template").asString());
    }
    return templates;
  }

  private static ModelFilesException malformed(ModelFilesException e) {
    return new ModelFilesException(Reason.MALFORMED_TOKENIZER, e.getMessage(), e);
  }

  private static Map<String, String> inFiles(Path directory) throws IOException {
    Map<String, String> templates = new LinkedHashMap<>();
    Path single = directory.resolve(FILE);
    if (Files.isRegularFile(single)) {
      templates.put("default", text(single));
    }
    Path folder = directory.resolve(FOLDER);
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.sorted().toList()) {
          String name = file.getFileName().toString();
          if (name.endsWith(SUFFIX)) {
            templates.put(name.substring(0, name.length() - SUFFIX.length()), text(file));
          }
        }
      }
    }
    return templates;
  }

  private static String text(Path file) throws IOException {
    if (Files.size(file) > MAX_BYTES) {
      throw new ModelFilesException(
          Reason.MALFORMED_TOKENIZER,
          "%s has %d bytes, the limit is %d"
              .formatted(file.getFileName(), Files.size(file), MAX_BYTES));
    }
    try {
      return Files.readString(file);
    } catch (CharacterCodingException e) {
      throw new ModelFilesException(
          Reason.MALFORMED_TOKENIZER, file.getFileName() + " is not UTF-8", e);
    }
  }
}
