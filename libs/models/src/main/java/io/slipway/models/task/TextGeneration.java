package io.slipway.models.task;

import io.slipway.modelfiles.Checkpoint;
import io.slipway.modelfiles.ModelConfig;
import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.tokenizer.StreamingText;
import io.slipway.modelfiles.tokenizer.TextTokenizer;
import io.slipway.modelfiles.tokenizer.TokenizedText;
import io.slipway.modelfiles.tokenizer.TruncationSide;
import io.slipway.models.architecture.CausalDecoder;
import io.slipway.models.architecture.Head;
import io.slipway.models.architecture.LoadedModel;
import io.slipway.models.generation.BeamHypothesis;
import io.slipway.models.generation.GeneratedSequence;
import io.slipway.models.generation.GenerationRequest;
import io.slipway.models.generation.GenerationStep;
import io.slipway.models.generation.scores.ScoredToken;
import io.slipway.models.generation.settings.Beams;
import io.slipway.models.generation.settings.GenerationConfig;
import io.slipway.models.generation.settings.GenerationSettings;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;

/**
 * A model that continues texts, with the parameters of Hugging Face's inference API. Safe for use
 * by many threads.
 */
public final class TextGeneration implements AutoCloseable {

  /** New tokens where neither caller nor checkpoint limits them. */
  private static final ModelConfig FALLBACK =
      ModelConfig.parse("defaults", "{\"max_new_tokens\": 100}");

  private static final ModelConfig DRAWN = ModelConfig.parse("parameters", "{\"do_sample\": true}");

  private final ComputeExecutor executor;
  private final LoadedModel<CausalDecoder> decoder;
  private final TextTokenizer tokenizer;
  private final GenerationConfig defaults;
  private final String prefix;
  private final OptionalInt positions;
  private final GenerationRuns runs;

  private TextGeneration(
      ComputeExecutor executor,
      LoadedModel<CausalDecoder> decoder,
      TextTokenizer tokenizer,
      SourcePrefix own,
      OptionalInt positions) {
    this.executor = executor;
    this.decoder = decoder;
    this.tokenizer = tokenizer;
    this.defaults = own.config().over(FALLBACK);
    this.prefix = own.text();
    this.positions = positions;
    this.runs =
        new GenerationRuns(
            executor, (inputs, capacity) -> decoder.model().begin(inputs.size(), capacity));
  }

  /**
   * Loads a checkpoint in Hub layout; its weights stay mapped, so its files must stay unchanged
   * until this is closed.
   *
   * @throws ModelFilesException when it is malformed, unsupported or does not fit together
   */
  public static TextGeneration load(Path directory, ComputeExecutor executor, Precision precision)
      throws IOException, InterruptedException {
    Checkpoint checkpoint = Checkpoint.open(directory);
    ModelConfig config = checkpoint.config();
    TextTokenizer tokenizer = null;
    boolean loaded = false;
    try {
      SourcePrefix own = SourcePrefix.of(config, GenerationConfig.read(directory, config));
      tokenizer = TextTokenizer.open(directory, Integer.MAX_VALUE);
      LoadedModel<CausalDecoder> decoder =
          executor.call(
              () ->
                  LoadedModel.forInference(
                      checkpoint, Head.CAUSAL_LM, executor.device(), precision));
      loaded = true;
      return new TextGeneration(executor, decoder, tokenizer, own, LoadedModel.positions(config));
    } finally {
      if (!loaded) {
        checkpoint.close();
        if (tokenizer != null) {
          tokenizer.close();
        }
      }
    }
  }

  /** One prompt on its way to some texts. */
  private record Prompt(
      String text, TokenizedText tokens, GenerationSettings settings, int texts) {}

  /**
   * Continues prompts.
   *
   * @param parameters an object with the API's names; the reference's for generation apply too
   * @return for each prompt its texts: one, or {@code num_return_sequences}
   * @throws IllegalArgumentException when a parameter is wrong, or a prompt with what is to follow
   *     it is longer than the model allows
   */
  public List<List<GeneratedText>> generate(List<String> prompts, ModelConfig parameters)
      throws InterruptedException {
    return generate(prompts, TextGenerationParameters.of(parameters), step -> true);
  }

  /** Is told of each new token. */
  @FunctionalInterface
  public interface Listener {

    /**
     * Takes a token.
     *
     * @param text that is now sure; its parts together are the text without its prompt
     * @return whether to go on
     */
    boolean next(GeneratedToken token, String text);
  }

  /**
   * Continues a prompt and tells of every token as it comes.
   *
   * @param parameters as for {@link #generate}
   */
  public GeneratedText stream(String prompt, ModelConfig parameters, Listener listener)
      throws InterruptedException {
    TextGenerationParameters wanted = TextGenerationParameters.of(parameters);
    if (wanted.bestOf() > 1) {
      throw new IllegalArgumentException(
          "best_of is %d for a stream, expected 1".formatted(wanted.bestOf()));
    }
    StreamingText pieces = tokenizer.stream(tokens(prompt, wanted).ids(), false);
    List<List<GeneratedText>> found =
        generate(
            List.of(prompt),
            wanted,
            step ->
                step.token()
                    .map(
                        token ->
                            listener.next(described(token, pieces.add(token.id())), step.text()))
                    .orElse(true));
    return found.getFirst().getFirst();
  }

  private List<List<GeneratedText>> generate(
      List<String> texts, TextGenerationParameters wanted, Predicate<GenerationStep> listener)
      throws InterruptedException {
    GenerationConfig config =
        (wanted.impliesDrawing() ? defaults.withCaller(DRAWN) : defaults)
            .withCaller(wanted.fields());
    List<Prompt> prompts = texts.stream().map(text -> prompt(text, wanted, config)).toList();
    List<List<GeneratedText>> found = new ArrayList<>();
    if (prompts.stream().anyMatch(prompt -> prompt.settings().beams().isPresent())) {
      for (Prompt prompt : prompts) {
        found.add(searched(prompt, wanted));
      }
      return found;
    }
    List<GenerationRuns.Job> jobs = new ArrayList<>();
    for (Prompt prompt : prompts) {
      for (int i = 0; i < prompt.texts(); i++) {
        jobs.add(job(jobs.size(), prompt, i));
      }
    }
    List<GeneratedSequence> sequences = runs.sequences(jobs, listener);
    int at = 0;
    for (Prompt prompt : prompts) {
      List<GeneratedText> own = new ArrayList<>();
      for (int i = 0; i < prompt.texts(); i++) {
        own.add(written(prompt, sequences.get(at++), prompt.settings().drawnAgain(i), wanted));
      }
      found.add(wanted.bestOf() > 1 ? bestFirst(own) : own);
    }
    return found;
  }

  private TokenizedText tokens(String text, TextGenerationParameters wanted) {
    TokenizedText tokens =
        tokenizer.encode(
            prefix + text, true, wanted.truncate().orElse(Integer.MAX_VALUE), TruncationSide.LEFT);
    if (tokens.length() > 0) {
      return tokens;
    }
    return TokenizedText.of(
        defaults
            .bosToken()
            .orElseThrow(
                () -> new IllegalArgumentException("the prompt is empty, expected some text")));
  }

  private Prompt prompt(String text, TextGenerationParameters wanted, GenerationConfig config) {
    TokenizedText tokens = tokens(text, wanted);
    long seed = config.seed().orElseGet(() -> ThreadLocalRandom.current().nextLong() >>> 11);
    int room = positions.orElse(Integer.MAX_VALUE) - tokens.length();
    GenerationSettings settings = config.settings(tokens.length(), positions, seed);
    if (!wanted.limited() && room > 0) {
      settings = settings.withAtMost(room);
      if (settings.maxNewTokens() == 0) {
        throw new IllegalArgumentException(
            "a prompt of %d tokens, to which the checkpoint's max_length adds none: set max_new_tokens"
                .formatted(tokens.length()));
      }
    }
    if (settings.maxNewTokens() > room) {
      throw new IllegalArgumentException(
          "a prompt of %d tokens and %d new ones, but the model has %d positions"
              .formatted(
                  tokens.length(), settings.maxNewTokens(), positions.orElse(Integer.MAX_VALUE)));
    }
    int count = Math.max(config.returnedSequences(), wanted.bestOf());
    Optional<Beams> beams = settings.beams();
    if (count > 1 && settings.sampling().isEmpty() && beams.isEmpty()) {
      throw new IllegalArgumentException(
          "%d texts of one prompt, all the same: expected do_sample or num_beams".formatted(count));
    }
    beams.ifPresent(some -> checkBeams(count, some.count()));
    return new Prompt(
        text,
        tokens,
        wanted.details()
            ? settings.withLogProbabilities(wanted.topTokens(), wanted.decoderInputDetails())
            : settings,
        count);
  }

  static void checkBeams(int returned, int beams) {
    if (returned > beams) {
      throw new IllegalArgumentException(
          "num_return_sequences is %d, expected at most num_beams, %d".formatted(returned, beams));
    }
  }

  private GenerationRuns.Job job(long id, Prompt prompt, int which) {
    GenerationSettings own = prompt.settings().drawnAgain(which);
    long[] ids = prompt.tokens().ids();
    return new GenerationRuns.Job(
        prompt.tokens(),
        new GenerationRequest(id, ids, own, new StreamedText(tokenizer.stream(ids, true))));
  }

  private List<GeneratedText> searched(Prompt prompt, TextGenerationParameters wanted)
      throws InterruptedException {
    List<BeamHypothesis> found =
        runs.beams(List.of(prompt.tokens()), List.of(prompt.tokens().ids()), prompt.settings())
            .getFirst();
    return found.stream()
        .limit(prompt.texts())
        .map(
            beam ->
                written(
                    prompt,
                    GeneratedSequence.of(
                        beam, new StreamedText(tokenizer.stream(prompt.tokens().ids(), true))),
                    prompt.settings(),
                    wanted))
        .toList();
  }

  private GeneratedText written(
      Prompt prompt,
      GeneratedSequence sequence,
      GenerationSettings settings,
      TextGenerationParameters wanted) {
    return new GeneratedText(
        wanted.returnFullText() ? prompt.text() + sequence.text() : sequence.text(),
        described(sequence.prompt(), tokenizer.stream(false)),
        described(sequence.tokens(), tokenizer.stream(prompt.tokens().ids(), false)),
        sequence.finishReason(),
        settings
            .sampling()
            .map(sampling -> OptionalLong.of(sampling.seed()))
            .orElse(OptionalLong.empty()));
  }

  private List<GeneratedToken> described(List<ScoredToken> tokens, StreamingText pieces) {
    List<GeneratedToken> described = new ArrayList<>(tokens.size());
    for (ScoredToken token : tokens) {
      described.add(described(token, pieces.add(token.id())));
    }
    return described;
  }

  private GeneratedToken described(ScoredToken token, String piece) {
    return new GeneratedToken(
        token.id(), piece, token.logProbability(), tokenizer.isSpecial(token.id()), token.top());
  }

  private static List<GeneratedText> bestFirst(List<GeneratedText> texts) {
    return texts.stream()
        .sorted(Comparator.comparingDouble(GeneratedText::meanLogProbability).reversed())
        .toList();
  }

  /** Frees the weights and the tokenizer; calls that are under way must have ended. */
  @Override
  public void close() {
    executor.release(decoder::close);
    tokenizer.close();
  }
}
