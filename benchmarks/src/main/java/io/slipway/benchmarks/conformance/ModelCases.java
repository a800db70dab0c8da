package io.slipway.benchmarks.conformance;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.models.architecture.CausalDecoder;
import io.slipway.models.architecture.EncoderDecoder;
import io.slipway.models.architecture.Head;
import io.slipway.models.architecture.ImageClassifier;
import io.slipway.models.architecture.SequenceClassifier;
import io.slipway.models.architecture.TextEncoder;
import io.slipway.models.architecture.TokenBatch;
import io.slipway.models.architecture.TokenScorer;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.Tensors;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/** Goldens by their task. */
final class ModelCases {

  /** New tokens at most of an encoder-decoder's search; its rows may all have ended before. */
  private static final int TARGET_TOKENS = 12;

  private final Golden golden;
  private final ModelConfig config;
  private final ComputeDevice device;

  private ModelCases(Golden golden, ModelConfig config, ComputeDevice device) {
    this.golden = golden;
    this.config = config;
    this.device = device;
  }

  /**
   * How a golden's model is run.
   *
   * @throws IllegalArgumentException when the golden lacks what its task needs
   */
  static ModelCase<?> of(Golden golden, ModelConfig config, ComputeDevice device) {
    ModelCases cases = new ModelCases(golden, config, device);
    return switch (golden.task()) {
      case FEATURE_EXTRACTION -> cases.features();
      case FILL_MASK -> cases.tokens(Head.MASKED_LM);
      case TOKEN_CLASSIFICATION -> cases.tokens(Head.TOKEN_CLASSIFICATION);
      case QUESTION_ANSWERING -> cases.questionAnswering();
      case TEXT_CLASSIFICATION -> cases.sequences();
      case TEXT_GENERATION -> cases.decoder();
      case SUMMARIZATION, TRANSLATION -> cases.encoderDecoder();
      case IMAGE_CLASSIFICATION -> cases.images();
      case TEXT_TO_IMAGE ->
          throw new IllegalArgumentException("no case can be made of the task text-to-image");
    };
  }

  private ModelCase<TextEncoder> features() {
    GoldenTokens tokens = GoldenTokens.source(golden);
    return new ModelCase<>(
        Head.FEATURES,
        (model, forward) -> Map.of(Kind.LAST_HIDDEN_STATE, model.encode(forward, tokens.batch())),
        Optional.of(tokens),
        (model, forward) -> {
          throw new IllegalArgumentException("a model without a head has no loss to train by");
        },
        ModelCase.nothingToWrite());
  }

  private ModelCase<TokenScorer> tokens(Head<TokenScorer> head) {
    GoldenTokens tokens = GoldenTokens.source(golden);
    return new ModelCase<>(
        head,
        (model, forward) -> Map.of(Kind.LOGITS, model.logits(forward, tokens.batch())),
        Optional.of(tokens),
        (model, forward) ->
            Losses.ofTokens(
                model.logits(forward, tokens.batch()), tokens.reordered(golden.labels("labels"))),
        ModelCase.nothingToWrite());
  }

  private ModelCase<TokenScorer> questionAnswering() {
    GoldenTokens tokens = GoldenTokens.source(golden);
    return new ModelCase<>(
        Head.QUESTION_ANSWERING,
        (model, forward) -> {
          Tensor both = model.logits(forward, tokens.batch()); // [b, s, 2]
          return new EnumMap<>(
              Map.of(Kind.START_LOGITS, both.select(2, 0), Kind.END_LOGITS, both.select(2, 1)));
        },
        Optional.of(tokens),
        (model, forward) ->
            Losses.ofSpans(
                model.logits(forward, tokens.batch()),
                golden.labels("start_positions"),
                golden.labels("end_positions")),
        ModelCase.nothingToWrite());
  }

  private ModelCase<SequenceClassifier> sequences() {
    TokenBatch batch = GoldenTokens.source(golden).batch();
    return new ModelCase<>(
        Head.SEQUENCE_CLASSIFICATION,
        (model, forward) -> Map.of(Kind.LOGITS, model.logits(forward, batch)),
        Optional.empty(),
        (model, forward) -> Losses.ofRows(model.logits(forward, batch), golden, config),
        ModelCase.nothingToWrite());
  }

  private ModelCase<CausalDecoder> decoder() {
    GoldenTokens tokens = GoldenTokens.source(golden);
    return new ModelCase<>(
        Head.CAUSAL_LM,
        (model, forward) -> Map.of(Kind.LOGITS, model.logits(forward, tokens.batch())),
        Optional.of(tokens),
        (model, forward) ->
            Losses.ofNextTokens(
                model.logits(forward, tokens.batch()), tokens.reordered(golden.labels("labels"))),
        new Searches<>(golden, config, prompts(tokens), 0));
  }

  private ModelCase<EncoderDecoder> encoderDecoder() {
    TokenBatch source = GoldenTokens.source(golden).batch();
    long start = config.requireInt("decoder_start_token_id");
    List<long[]> starts = Collections.nCopies(source.rows(), new long[] {start});
    GoldenTokens target = GoldenTokens.target(golden);
    return new ModelCase<>(
        Head.SEQ2SEQ_LM,
        (model, forward) -> Map.of(Kind.LOGITS, model.logits(forward, source, target.batch())),
        Optional.of(target),
        (model, forward) ->
            Losses.ofTokens(model.logits(forward, source, shiftedRight()), golden.labels("labels")),
        new Searches<>(
            golden,
            config,
            new Searches.Sequences<>(
                starts,
                starts,
                (model, capacity) -> model.begin(Forward.inference(), source, capacity)),
            TARGET_TOKENS));
  }

  private Searches.Sequences<CausalDecoder> prompts(GoldenTokens tokens) {
    int rows = tokens.batch().rows();
    return new Searches.Sequences<>(
        List.of(golden.ids("inputs", "input_ids").orElseThrow()),
        IntStream.range(0, rows).mapToObj(tokens::row).toList(),
        (model, capacity) -> model.begin(rows, capacity));
  }

  /** What the reference gives the decoder in training: the labels, one place later. */
  private TokenBatch shiftedRight() {
    long start = config.requireInt("decoder_start_token_id");
    long padding = config.requireInt("pad_token_id");
    long[][] labels =
        golden
            .ids("training", "labels", "labels")
            .or(() -> golden.ids("training", "labels"))
            .orElseThrow();
    long[][] target = new long[labels.length][];
    for (int row = 0; row < labels.length; row++) {
      target[row] = new long[labels[row].length];
      target[row][0] = start;
      for (int i = 1; i < target[row].length; i++) {
        long before = labels[row][i - 1];
        target[row][i] = before == Losses.IGNORED ? padding : before;
      }
    }
    return GoldenTokens.of(target, Optional.empty(), Optional.empty()).batch();
  }

  private ModelCase<ImageClassifier> images() {
    Golden.Numbers given =
        golden
            .numbers("inputs", "pixel_values")
            .orElseThrow(
                () -> new IllegalArgumentException(Golden.FILE + " has no inputs.pixel_values"));
    float[] pixels = new float[given.values().length];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) given.values()[i];
    }
    return new ModelCase<>(
        Head.IMAGE_CLASSIFICATION,
        (model, forward) ->
            Map.of(Kind.LOGITS, model.logits(forward, Tensors.of(pixels, device, given.shape()))),
        Optional.empty(),
        (model, forward) ->
            Losses.ofRows(
                model.logits(forward, Tensors.of(pixels, device, given.shape())), golden, config),
        ModelCase.nothingToWrite());
  }
}
