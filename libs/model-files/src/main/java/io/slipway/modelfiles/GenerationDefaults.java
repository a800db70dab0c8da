package io.slipway.modelfiles;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How a checkpoint wants its sequences to be generated: generation_config.json, with the names and
 * the rules of the reference's GenerationConfig. A field that is absent is left to whoever
 * generates; fields that the reference does not know are kept and mean nothing.
 */
public final class GenerationDefaults {

  /** Name of the file in a checkpoint. */
  public static final String FILE = "generation_config.json";

  /** What belongs into a call, not into a file. */
  private static final Set<String> ARGUMENTS =
      Set.of(
          "logits_processor",
          "stopping_criteria",
          "prefix_allowed_tokens_fn",
          "synced_gpus",
          "assistant_model",
          "streamer",
          "negative_prompt_ids",
          "negative_prompt_attention_mask");

  private final ModelConfig fields;

  /** When a search with beams ends. */
  public enum EarlyStopping {
    /** As soon as there are as many ended sequences as beams. */
    YES,
    /** When it is unlikely that a better one comes. */
    NO,
    /** When no better one can come. */
    NEVER
  }

  private GenerationDefaults(ModelConfig fields) {
    this.fields = fields;
  }

  /**
   * Reads a checkpoint's file or, where it has none, the same fields in its config.json, as older
   * checkpoints have them.
   *
   * @throws ModelFilesException MALFORMED_CONFIG, when a field has a wrong type, is out of its
   *     range or contradicts another
   */
  public static GenerationDefaults read(Path directory, ModelConfig model) throws IOException {
    Path file = directory.resolve(FILE);
    return of(Files.exists(file) ? ModelConfig.read(file) : model);
  }

  static GenerationDefaults of(ModelConfig fields) {
    GenerationDefaults defaults = new GenerationDefaults(fields);
    defaults.requireTypes();
    defaults.requireSense();
    return defaults;
  }

  /** All fields as they are in the file, checked. */
  public ModelConfig fields() {
    return fields;
  }

  /** Tokens of prompt and answer together. */
  public Optional<Integer> maxLength() {
    return fields.integer("max_length");
  }

  /** Tokens of the answer; decides where {@link #maxLength} is there too. */
  public Optional<Integer> maxNewTokens() {
    return fields.integer("max_new_tokens");
  }

  public Optional<Integer> minLength() {
    return fields.integer("min_length");
  }

  public Optional<Integer> minNewTokens() {
    return fields.integer("min_new_tokens");
  }

  /** Seconds. */
  public Optional<Double> maxTime() {
    return fields.decimal("max_time");
  }

  /** Texts after which nothing more is generated. */
  public List<String> stopStrings() {
    return fields.oneOrMoreStrings("stop_strings").orElse(List.of());
  }

  public Optional<Boolean> doSample() {
    return flag("do_sample");
  }

  public Optional<Integer> numBeams() {
    return fields.integer("num_beams");
  }

  public Optional<EarlyStopping> earlyStopping() {
    if (!fields.isString("early_stopping")) {
      return flag("early_stopping").map(early -> early ? EarlyStopping.YES : EarlyStopping.NO);
    }
    String value = fields.requireString("early_stopping");
    if (!value.equals("never")) {
      throw fields.malformed(
          "early_stopping", "is \"%s\", expected true, false or \"never\"".formatted(value));
    }
    return Optional.of(EarlyStopping.NEVER);
  }

  public Optional<Double> lengthPenalty() {
    return fields.decimal("length_penalty");
  }

  public Optional<Integer> numReturnSequences() {
    return fields.integer("num_return_sequences");
  }

  public Optional<Double> temperature() {
    return fields.decimal("temperature");
  }

  public Optional<Integer> topK() {
    return fields.integer("top_k");
  }

  public Optional<Double> topP() {
    return fields.decimal("top_p");
  }

  public Optional<Double> minP() {
    return fields.decimal("min_p");
  }

  public Optional<Double> typicalP() {
    return fields.decimal("typical_p");
  }

  public Optional<Double> repetitionPenalty() {
    return fields.decimal("repetition_penalty");
  }

  public Optional<Integer> noRepeatNgramSize() {
    return fields.integer("no_repeat_ngram_size");
  }

  /** Sequences of tokens that are never generated. */
  public List<List<Integer>> badWordsIds() {
    return fields.integerLists("bad_words_ids").orElse(List.of());
  }

  public Optional<Boolean> renormalizeLogits() {
    return flag("renormalize_logits");
  }

  /** Tokens that are never generated. */
  public List<Integer> suppressTokens() {
    return fields.integers("suppress_tokens").orElse(List.of());
  }

  /** Tokens that are not generated first. */
  public List<Integer> beginSuppressTokens() {
    return fields.integers("begin_suppress_tokens").orElse(List.of());
  }

  /** What is generated first. */
  public Optional<Integer> forcedBosTokenId() {
    return fields.integer("forced_bos_token_id");
  }

  /** What is generated last where the length ends. */
  public List<Integer> forcedEosTokenIds() {
    return fields.oneOrMoreIntegers("forced_eos_token_id").orElse(List.of());
  }

  public Optional<Integer> bosTokenId() {
    return fields.integer("bos_token_id");
  }

  /** Tokens that end a sequence. */
  public List<Integer> eosTokenIds() {
    return fields.oneOrMoreIntegers("eos_token_id").orElse(List.of());
  }

  public Optional<Integer> padTokenId() {
    return fields.integer("pad_token_id");
  }

  /** What the target of an encoder-decoder begins with. */
  public Optional<Integer> decoderStartTokenId() {
    return fields.integer("decoder_start_token_id");
  }

  private Optional<Boolean> flag(String field) {
    return fields.has(field) ? Optional.of(fields.booleanOr(field, false)) : Optional.empty();
  }

  /** Fields that are there have to be readable, whether or not someone will read them. */
  private void requireTypes() {
    maxLength();
    minLength();
    minNewTokens();
    maxTime();
    stopStrings();
    earlyStopping();
    lengthPenalty();
    temperature();
    topK();
    topP();
    minP();
    typicalP();
    repetitionPenalty();
    noRepeatNgramSize();
    badWordsIds();
    renormalizeLogits();
    beginSuppressTokens();
    bosTokenId();
    eosTokenIds();
    padTokenId();
    decoderStartTokenId();
  }

  /** The contradictions that the reference refuses; it lets others pass, since they do no harm. */
  private void requireSense() {
    maxNewTokens()
        .filter(most -> most < 1)
        .ifPresent(
            most -> {
              throw fields.malformed("max_new_tokens", "is " + most + ", expected at least 1");
            });
    int beams = numBeams().orElse(1);
    int returned = numReturnSequences().orElse(1);
    if (returned > 1 && beams == 1 && !doSample().orElse(false)) {
      throw fields.malformed(
          "num_return_sequences",
          "is %d, expected 1 where neither beams nor samples make more".formatted(returned));
    }
    if (returned > beams && beams > 1) {
      throw fields.malformed(
          "num_return_sequences",
          "is %d, expected at most num_beams, %d".formatted(returned, beams));
    }
    requireNotSuppressed("forced_bos_token_id", forcedBosTokenId().stream().toList());
    requireNotSuppressed("forced_eos_token_id", forcedEosTokenIds());
    ARGUMENTS.stream()
        .filter(fields::mentions)
        .findFirst()
        .ifPresent(
            field -> {
              throw fields.malformed(field, "is no setting, but an argument of a call");
            });
  }

  private void requireNotSuppressed(String field, List<Integer> forced) {
    if (!forced.isEmpty() && new HashSet<>(suppressTokens()).containsAll(forced)) {
      throw fields.malformed(
          field, "is %s, which suppress_tokens never lets come".formatted(forced));
    }
  }
}
