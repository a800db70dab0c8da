package io.slipway.models.task;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.modelfiles.Task;
import io.slipway.modelfiles.tokenizer.TextTokenizer;
import io.slipway.models.generation.settings.GenerationConfig;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a model is told what to do with a text: by words or a token before it, or by a first token of
 * what it writes.
 *
 * @param text before the source
 * @param config of the generation
 */
record SourcePrefix(String text, GenerationConfig config) {

  /**
   * What a checkpoint says for a task, in {@code task_specific_params} and {@code prefix}.
   *
   * @param parameters a caller's: {@code prefix}, {@code src_lang}, {@code tgt_lang}
   * @throws IllegalArgumentException when the model cannot be told a language
   */
  static SourcePrefix of(
      Task task,
      ModelConfig model,
      GenerationConfig defaults,
      TextTokenizer tokenizer,
      ModelConfig parameters) {
    Optional<String> source = string(parameters, "src_lang");
    Optional<String> target = string(parameters, "tgt_lang");
    Optional<ModelConfig> own =
        model
            .object("task_specific_params")
            .flatMap(tasks -> tasks.object(name(task, source, target)));
    GenerationConfig config = own.map(defaults::withTask).orElse(defaults);
    Optional<String> prefix =
        string(parameters, "prefix")
            .or(() -> own.flatMap(fields -> fields.string("prefix")))
            .or(() -> model.string("prefix"));
    if (prefix.isPresent() || target.isEmpty()) {
      return new SourcePrefix(prefix.orElse(""), config);
    }
    return told(model, config, tokenizer, source, target.get());
  }

  /** What a checkpoint says for the continuation of texts. */
  static SourcePrefix of(ModelConfig model, GenerationConfig defaults) {
    Optional<ModelConfig> own =
        model
            .object("task_specific_params")
            .flatMap(tasks -> tasks.object(Task.TEXT_GENERATION.pipelineTag()));
    return new SourcePrefix(
        own.flatMap(fields -> fields.string("prefix")).orElse(""),
        own.map(defaults::withTask).orElse(defaults));
  }

  private static Optional<String> string(ModelConfig parameters, String field) {
    return TextGenerationParameters.read(parameters, fields -> fields.string(field));
  }

  private static String name(Task task, Optional<String> source, Optional<String> target) {
    return task == Task.TRANSLATION && source.isPresent() && target.isPresent()
        ? "translation_%s_to_%s".formatted(source.get(), target.get())
        : task.pipelineTag();
  }

  private static SourcePrefix told(
      ModelConfig model,
      GenerationConfig config,
      TextTokenizer tokenizer,
      Optional<String> source,
      String target) {
    String marianToken = ">>" + target + "<<";
    if (tokenizer.id(marianToken).isPresent()) {
      return new SourcePrefix(marianToken + " ", config);
    }
    OptionalLong language = tokenizer.id(target);
    if (language.isPresent() && tokenizer.isSpecial(language.getAsLong())) {
      String first = "{\"forced_bos_token_id\": %d}".formatted(language.getAsLong());
      return new SourcePrefix("", config.withTask(ModelConfig.parse("tgt_lang", first)));
    }
    if (model.modelType().equals("t5")) {
      String from =
          source.orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "tgt_lang is %s without src_lang, expected both".formatted(target)));
      return new SourcePrefix(
          "translate %s to %s: ".formatted(language(from), language(target)), config);
    }
    // A model of one pair of languages does not have to be told which.
    return new SourcePrefix("", config);
  }

  /** The language's English name, by which T5 was taught. */
  private static String language(String code) {
    String name = Locale.forLanguageTag(code.replace('_', '-')).getDisplayLanguage(Locale.ENGLISH);
    if (name.isEmpty() || name.equals(code)) {
      throw new IllegalArgumentException(
          "\"%s\" is no known language, expected a code such as de".formatted(code));
    }
    return name;
  }
}
