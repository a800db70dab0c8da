package io.slipway.models.task;

import io.slipway.modelfiles.Checkpoint;
import io.slipway.modelfiles.ModelConfig;
import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.Task;
import io.slipway.modelfiles.tokenizer.TextTokenizer;
import io.slipway.modelfiles.tokenizer.TokenizedText;
import io.slipway.models.architecture.Continuation;
import io.slipway.models.architecture.EncoderDecoder;
import io.slipway.models.architecture.Head;
import io.slipway.models.architecture.LoadedModel;
import io.slipway.models.architecture.TokenBatch;
import io.slipway.models.generation.BeamHypothesis;
import io.slipway.models.generation.GeneratedSequence;
import io.slipway.models.generation.GenerationRequest;
import io.slipway.models.generation.settings.GenerationConfig;
import io.slipway.models.generation.settings.GenerationSettings;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/**
 * A model that makes one text of another, for summarization or translation, with the parameters of
 * Hugging Face's inference API. Safe for use by many threads.
 */
public final class TextToTextGeneration implements AutoCloseable {

  private final ComputeExecutor executor;
  private final LoadedModel<EncoderDecoder> model;
  private final TextTokenizer tokenizer;
  private final Task task;
  private final ModelConfig config;
  private final GenerationConfig defaults;
  private final OptionalInt positions;
  private final GenerationRuns runs;

  private TextToTextGeneration(
      ComputeExecutor executor,
      LoadedModel<EncoderDecoder> model,
      TextTokenizer tokenizer,
      Task task,
      ModelConfig config,
      GenerationConfig defaults) {
    this.executor = executor;
    this.model = model;
    this.tokenizer = tokenizer;
    this.task = task;
    this.config = config;
    this.defaults = defaults;
    this.positions = LoadedModel.positions(config);
    this.runs = new GenerationRuns(executor, this::begin);
  }

  /**
   * Loads a checkpoint in Hub layout; its weights stay mapped, so its files must stay unchanged
   * until this is closed.
   *
   * @param task summarization or translation, of which the checkpoint may have settings of its own
   * @throws ModelFilesException when it is malformed, unsupported or does not fit together
   */
  public static TextToTextGeneration load(
      Path directory, Task task, ComputeExecutor executor, Precision precision)
      throws IOException, InterruptedException {
    if (!Head.SEQ2SEQ_LM.answers(task)) {
      throw new IllegalArgumentException(
          "%s, expected summarization or translation".formatted(task.pipelineTag()));
    }
    Checkpoint checkpoint = Checkpoint.open(directory);
    ModelConfig config = checkpoint.config();
    TextTokenizer tokenizer = null;
    boolean loaded = false;
    try {
      GenerationConfig defaults = GenerationConfig.read(directory, config);
      tokenizer =
          TextTokenizer.open(directory, LoadedModel.positions(config).orElse(Integer.MAX_VALUE));
      LoadedModel<EncoderDecoder> model =
          executor.call(
              () ->
                  LoadedModel.forInference(
                      checkpoint, Head.SEQ2SEQ_LM, executor.device(), precision));
      loaded = true;
      return new TextToTextGeneration(executor, model, tokenizer, task, config, defaults);
    } finally {
      if (!loaded) {
        checkpoint.close();
        if (tokenizer != null) {
          tokenizer.close();
        }
      }
    }
  }

  private Continuation begin(List<TokenizedText> sources, int capacity) {
    TokenBatch batch = TokenBatch.of(sources, tokenizer.specialToken("pad").orElse(0));
    return model.model().begin(Forward.inference(), batch, capacity);
  }

  /** Tokens at most of a source; longer ones are cut unless the caller forbids it. */
  public int maxLength() {
    return tokenizer.maxLength();
  }

  /**
   * Summarizes or translates texts.
   *
   * @param parameters an object with the API's names: {@code truncation}, {@code
   *     clean_up_tokenization_spaces}, {@code generate_parameters}, for translation {@code
   *     src_lang} and {@code tgt_lang}; {@code prefix} stands before each text in place of the
   *     checkpoint's own, and the reference's names for generation apply too
   * @return for each text what was written: one, or {@code num_return_sequences}
   * @throws IllegalArgumentException when a parameter is wrong or a text too long to be left whole
   */
  public List<List<String>> write(List<String> texts, ModelConfig parameters)
      throws InterruptedException {
    SourcePrefix prefix = SourcePrefix.of(task, config, defaults, tokenizer, parameters);
    GenerationConfig wanted = prefix.config().withCaller(parameters);
    Optional<ModelConfig> more =
        TextGenerationParameters.read(parameters, fields -> fields.object("generate_parameters"));
    if (more.isPresent()) {
      wanted = wanted.withCaller(more.get());
    }
    boolean whole = leavesWhole(parameters);
    List<TokenizedText> sources =
        texts.stream().map(text -> source(prefix.text() + text, whole)).toList();
    List<List<long[]>> written = written(sources, wanted);
    Optional<Boolean> cleanUp =
        TextGenerationParameters.read(
            parameters, fields -> fields.flag("clean_up_tokenization_spaces"));
    return written.stream()
        .map(own -> own.stream().map(ids -> text(ids, cleanUp)).toList())
        .toList();
  }

  private static boolean leavesWhole(ModelConfig parameters) {
    String truncation =
        TextGenerationParameters.read(parameters, fields -> fields.string("truncation"))
            .orElse("longest_first");
    return switch (truncation) {
      case "longest_first", "only_first" -> false;
      case "do_not_truncate" -> true;
      default ->
          throw new IllegalArgumentException(
              "truncation is \"%s\", expected longest_first, only_first or do_not_truncate"
                  .formatted(truncation));
    };
  }

  private TokenizedText source(String text, boolean whole) {
    TokenizedText tokens = tokenizer.encode(text);
    if (whole && tokens.truncated()) {
      throw new IllegalArgumentException(
          "a text of more than %d tokens, which is not to be truncated"
              .formatted(tokenizer.maxLength()));
    }
    if (tokens.length() == 0) {
      throw new IllegalArgumentException("a text is empty, expected at least one token");
    }
    return tokens;
  }

  private String text(long[] ids, Optional<Boolean> cleanUp) {
    return cleanUp
        .map(spaces -> tokenizer.decode(ids, true, spaces))
        .orElseGet(() -> tokenizer.decode(ids, true));
  }

  private List<List<long[]>> written(List<TokenizedText> sources, GenerationConfig wanted)
      throws InterruptedException {
    long[] start = {wanted.decoderStartToken()};
    long seed = wanted.seed().orElseGet(() -> ThreadLocalRandom.current().nextLong() >>> 11);
    GenerationSettings settings = wanted.settings(start.length, positions, seed);
    int count = wanted.returnedSequences();
    if (settings.beams().isPresent()) {
      TextGeneration.checkBeams(count, settings.beams().get().count());
      List<long[]> starts = Collections.nCopies(sources.size(), start);
      return runs.beams(sources, starts, settings).stream()
          .map(found -> found.stream().limit(count).map(BeamHypothesis::ids).toList())
          .toList();
    }
    if (count > 1 && settings.sampling().isEmpty()) {
      throw new IllegalArgumentException(
          "%d texts of one source, all the same: expected do_sample or num_beams".formatted(count));
    }
    List<GenerationRuns.Job> jobs = new ArrayList<>();
    for (TokenizedText source : sources) {
      for (int i = 0; i < count; i++) {
        GenerationSettings own = settings.drawnAgain(i);
        StreamedText text = new StreamedText(tokenizer.stream(true));
        jobs.add(
            new GenerationRuns.Job(source, new GenerationRequest(jobs.size(), start, own, text)));
      }
    }
    List<long[]> found =
        runs.sequences(jobs, step -> true).stream().map(GeneratedSequence::ids).toList();
    return IntStream.range(0, sources.size())
        .mapToObj(i -> found.subList(i * count, (i + 1) * count))
        .toList();
  }

  /** Frees the weights and the tokenizer; calls that are under way must have ended. */
  @Override
  public void close() {
    executor.release(model::close);
    tokenizer.close();
  }
}
