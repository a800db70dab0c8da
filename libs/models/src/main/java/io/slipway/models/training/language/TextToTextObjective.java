package io.slipway.models.training.language;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.modelfiles.tokenizer.TextTokenizer;
import io.slipway.modelfiles.tokenizer.TokenizedText;
import io.slipway.models.architecture.EncoderDecoder;
import io.slipway.models.architecture.Head;
import io.slipway.models.architecture.TeacherForcing;
import io.slipway.models.architecture.TokenBatch;
import io.slipway.models.generation.settings.GenerationSettings;
import io.slipway.models.generation.settings.Stopping;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.Tensors;
import io.slipway.models.training.BaseModel;
import io.slipway.models.training.CrossEntropy;
import io.slipway.models.training.Measurement;
import io.slipway.models.training.Objective;
import io.slipway.models.training.Validation;
import io.slipway.models.training.language.TextToTextObjective.Example;
import io.slipway.models.training.run.Batch;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Cross-entropy of each token of the target with what the model expects after those before it. */
record TextToTextObjective(
    TextToTextGoal goal,
    EncoderDecoder model,
    Tokenizers tokenizers,
    TeacherForcing forcing,
    GreedyWriter writer,
    CrossEntropy crossEntropy,
    ComputeDevice device)
    implements Objective<TextPair, Example> {

  /** The same tokenizer with the limit of each side. */
  record Tokenizers(TextTokenizer source, TextTokenizer target) {}

  /**
   * A pair as tokens.
   *
   * @param labels the target with its end token
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Example(TextPair pair, TokenizedText source, long[] labels) {}

  static TextToTextObjective begin(TextToTextGoal goal, BaseModel base)
      throws IOException, InterruptedException {
    TextTokenizer source = base.tokenizer(goal.maxSourceLength());
    TextTokenizer target = base.tokenizer(goal.maxTargetLength());
    EncoderDecoder model = base.load(Head.SEQ2SEQ_LM, List.of(), false);
    TeacherForcing forcing = TeacherForcing.of(base.config());
    Set<Integer> ends =
        Set.copyOf(base.config().oneOrMoreIntegers("eos_token_id").orElse(List.of()));
    return new TextToTextObjective(
        goal,
        model,
        new Tokenizers(source, target),
        forcing,
        new GreedyWriter(
            model,
            forcing.decoderStartTokenId(),
            GenerationSettings.greedy(target.maxLength()).withStopping(Stopping.at(ends))),
        new CrossEntropy(base.settings().labelSmoothing(), List.of()),
        base.device());
  }

  @Override
  public List<Example> examples(List<TextPair> rows) {
    return rows.stream().map(this::example).toList();
  }

  private Example example(TextPair pair) {
    TokenizedText source = tokenizers.source().encode(goal.prefix() + pair.source());
    TokenizedText target = tokenizers.target().encodeTarget(pair.target());
    if (source.length() == 0 || target.length() == 0) {
      throw new IllegalArgumentException("a row has an empty source or target");
    }
    return new Example(pair, source, target.ids());
  }

  @Override
  public int length(Example example) {
    return example.source().length() + example.labels().length;
  }

  private TokenBatch sources(List<Example> examples) {
    return TokenBatch.of(examples.stream().map(Example::source).toList(), forcing.padTokenId());
  }

  @Override
  public Batch batch(List<Example> examples) {
    TokenBatch sources = sources(examples);
    List<long[]> labels = examples.stream().map(Example::labels).toList();
    TokenBatch inputs = forcing.inputs(labels);
    long[] targets = TeacherForcing.padded(labels);
    return new Batch(
        crossEntropy.items(targets),
        forward ->
            crossEntropy.sum(
                model.logits(forward, sources, inputs),
                Tensors.of(targets, device, targets.length)));
  }

  @Override
  public Measurement<Example> measurement() {
    TokenTally tokens = new TokenTally();
    WritingTally texts =
        switch (goal.writing()) {
          case SUMMARIZATION -> new Rouge();
          case TRANSLATION -> new ChrF();
        };
    return new Measurement<>() {
      @Override
      public Consumer<Forward> prepare(List<Example> examples) {
        TokenBatch sources = sources(examples);
        List<long[]> labels = examples.stream().map(Example::labels).toList();
        TokenBatch inputs = forcing.inputs(labels);
        return forward -> {
          tokens.add(model.logits(forward, sources, inputs), TeacherForcing.padded(labels), device);
          if (goal.written()) {
            List<long[]> written = writer.write(forward, sources);
            for (int i = 0; i < written.size(); i++) {
              texts.add(
                  tokenizers.target().decode(written.get(i)), examples.get(i).pair().target());
            }
          }
        };
      }

      @Override
      public Validation result(int rows) {
        return tokens.result(rows, goal.written() ? texts.metrics() : Map.of());
      }
    };
  }

  @Override
  public ModelConfig configuration(ModelConfig base) {
    return base.prefixed(goal.prefix());
  }
}
