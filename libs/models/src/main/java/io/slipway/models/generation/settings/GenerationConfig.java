package io.slipway.models.generation.settings;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.modelfiles.ModelFilesException;
import io.slipway.models.generation.settings.Beams.EarlyStopping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;

/**
 * How a checkpoint wants its sequences to be generated, under what a caller wants: {@code
 * generation_config.json} with the reference's names and defaults ({@code
 * generation/configuration_utils.py}). The first layer that has a field decides it.
 */
public final class GenerationConfig {

  /** Name of the file in a checkpoint. */
  public static final String FILE = "generation_config.json";

  /** New tokens where nothing limits them. */
  private static final int DEFAULT_NEW_TOKENS = 20;

  /** Ways to generate that there are not, with the numbers that do not ask for them. */
  private static final Map<String, Double> UNSUPPORTED_NUMBERS =
      Map.of(
          "encoder_repetition_penalty", 1.0,
          "encoder_no_repeat_ngram_size", 0.0,
          "epsilon_cutoff", 0.0,
          "eta_cutoff", 0.0,
          "penalty_alpha", 0.0,
          "num_beam_groups", 1.0,
          "diversity_penalty", 0.0,
          "guidance_scale", 1.0);

  private static final List<String> UNSUPPORTED =
      List.of(
          "top_h",
          "exponential_decay_length_penalty",
          "sequence_bias",
          "constraints",
          "force_words_ids",
          "forced_decoder_ids",
          "watermarking_config",
          "dola_layers");

  private record Layer(ModelConfig fields, boolean callers) {

    <T> Optional<T> read(Function<ModelConfig, Optional<T>> field) {
      try {
        return field.apply(fields);
      } catch (ModelFilesException e) {
        throw callers ? new IllegalArgumentException(e.getMessage(), e) : e;
      }
    }
  }

  private final List<Layer> layers;

  private GenerationConfig(List<Layer> layers) {
    this.layers = layers;
  }

  /**
   * Reads what a checkpoint says: in the file or, where it has none, in its config.json.
   *
   * @throws ModelFilesException when the file is malformed or asks for what is not supported
   */
  public static GenerationConfig read(Path directory, ModelConfig config) throws IOException {
    Path file = directory.resolve(FILE);
    ModelConfig fields = Files.exists(file) ? ModelConfig.read(file) : config;
    return new GenerationConfig(List.of()).under(new Layer(fields, false));
  }

  /**
   * The same with a task's own fields above, such as those of {@code task_specific_params}.
   *
   * @throws ModelFilesException when they ask for what is not supported
   */
  public GenerationConfig withTask(ModelConfig fields) {
    return under(new Layer(fields, false));
  }

  /**
   * The same with a caller's fields above.
   *
   * @throws IllegalArgumentException when they ask for what is not supported
   */
  public GenerationConfig withCaller(ModelConfig fields) {
    return under(new Layer(fields, true));
  }

  /** The same with fields beneath, which decide what nothing else does. */
  public GenerationConfig over(ModelConfig fields) {
    List<Layer> all = new ArrayList<>(layers);
    all.add(new Layer(fields, false));
    return new GenerationConfig(List.copyOf(all));
  }

  private GenerationConfig under(Layer layer) {
    layer.read(
        fields -> {
          UNSUPPORTED_NUMBERS.forEach(
              (field, neutral) -> {
                double value = fields.doubleOr(field, neutral);
                if (value != neutral) {
                  throw fields.unsupported(field, Double.toString(value), Double.toString(neutral));
                }
              });
          UNSUPPORTED.stream()
              .filter(fields::has)
              .findAny()
              .ifPresent(
                  field -> {
                    throw fields.unsupported(field, "set", "nothing");
                  });
          return Optional.empty();
        });
    List<Layer> all = new ArrayList<>(List.of(layer));
    all.addAll(layers);
    return new GenerationConfig(List.copyOf(all));
  }

  private <T> Optional<T> first(Function<ModelConfig, Optional<T>> field) {
    return layers.stream().flatMap(layer -> layer.read(field).stream()).findFirst();
  }

  private Optional<Integer> integer(String field) {
    return first(fields -> fields.integer(field));
  }

  private double decimal(String field, double absent) {
    return first(fields -> fields.decimal(field)).orElse(absent);
  }

  private boolean flag(String field) {
    return first(fields -> fields.flag(field)).orElse(false);
  }

  private Set<Integer> tokens(String field) {
    return first(fields -> fields.oneOrMoreIntegers(field)).map(Set::copyOf).orElse(Set.of());
  }

  /** How many sequences a caller gets for each prompt. */
  public int returnedSequences() {
    int count = integer("num_return_sequences").orElse(1);
    GenerationSettings.require(count >= 1, "num_return_sequences", count, "at least 1");
    return count;
  }

  /**
   * What the target of an encoder-decoder begins with.
   *
   * @throws IllegalArgumentException when nothing says it
   */
  public long decoderStartToken() {
    return integer("decoder_start_token_id")
        .or(() -> integer("bos_token_id"))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "neither decoder_start_token_id nor bos_token_id is set"));
  }

  /** What a decoder's text begins with that has no token of its own; empty when nothing says it. */
  public Optional<Integer> bosToken() {
    return integer("bos_token_id");
  }

  /** The seed that a caller wants. */
  public Optional<Long> seed() {
    return first(fields -> fields.longInteger("seed"));
  }

  /**
   * How a sequence is generated.
   *
   * @param prompt number of its tokens
   * @param positions tokens that a sequence may have at most, where there is a limit
   * @param seed of the draws, if tokens are drawn
   * @throws IllegalArgumentException when a value is out of its range
   */
  public GenerationSettings settings(int prompt, OptionalInt positions, long seed) {
    int most = newTokens("max", prompt).orElseGet(() -> defaultNewTokens(prompt, positions));
    int least = Math.min(Math.max(newTokens("min", prompt).orElse(0), 0), Math.max(most, 0));
    GenerationSettings settings =
        GenerationSettings.greedy(Math.max(most, 0))
            .withMinNewTokens(least)
            .withPenalties(
                new Penalties(
                    decimal("repetition_penalty", 1),
                    decimal("presence_penalty", 0),
                    decimal("frequency_penalty", 0)))
            .withConstraints(constraints())
            .withStopping(stopping());
    int beams = integer("num_beams").orElse(1);
    boolean samples = flag("do_sample");
    if (beams > 1) {
      settings = settings.withBeams(beams(beams));
    }
    return samples ? settings.withSampling(sampling(seed)) : settings;
  }

  /** Of the first layer that has one of the two, with new tokens before all of them. */
  private Optional<Integer> newTokens(String limit, int prompt) {
    return first(
        fields ->
            fields
                .integer(limit + "_new_tokens")
                .or(() -> fields.integer(limit + "_length").map(length -> length - prompt)));
  }

  private static int defaultNewTokens(int prompt, OptionalInt positions) {
    return Math.min(DEFAULT_NEW_TOKENS, positions.orElse(Integer.MAX_VALUE) - prompt);
  }

  private Constraints constraints() {
    Optional<Integer> bos = integer("forced_bos_token_id");
    return Constraints.NONE
        .withNoRepeatNgramSize(integer("no_repeat_ngram_size").orElse(0))
        .withBadWords(first(fields -> fields.integerLists("bad_words_ids")).orElse(List.of()))
        .withSuppressed(tokens("suppress_tokens"), tokens("begin_suppress_tokens"))
        .withForced(
            bos.map(OptionalInt::of).orElse(OptionalInt.empty()), tokens("forced_eos_token_id"));
  }

  private Stopping stopping() {
    List<String> strings =
        first(
                fields ->
                    fields
                        .oneOrMoreStrings("stop_strings")
                        .or(() -> fields.oneOrMoreStrings("stop")))
            .orElse(List.of());
    return new Stopping(tokens("eos_token_id"), strings, true);
  }

  private Beams beams(int count) {
    return new Beams(
        count, decimal("length_penalty", 1), earlyStopping(), flag("renormalize_logits"));
  }

  private EarlyStopping earlyStopping() {
    Optional<String> word =
        first(
            fields ->
                fields.isString("early_stopping")
                    ? fields.string("early_stopping")
                    : fields.flag("early_stopping").map(flag -> Boolean.toString(flag)));
    return switch (word.orElse("false")) {
      case "true" -> EarlyStopping.TRUE;
      case "false" -> EarlyStopping.FALSE;
      case "never" -> EarlyStopping.NEVER;
      default ->
          throw new IllegalArgumentException(
              "early_stopping is \"%s\", expected true, false or \"never\""
                  .formatted(word.orElseThrow()));
    };
  }

  private Sampling sampling(long seed) {
    return new Sampling(
        decimal("temperature", 1),
        integer("top_k").orElse(Sampling.DEFAULT_TOP_K),
        decimal("top_p", 1),
        decimal("min_p", 0),
        decimal("typical_p", 1),
        seed);
  }
}
