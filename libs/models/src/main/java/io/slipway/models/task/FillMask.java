package io.slipway.models.task;

import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.ModelFilesException.Reason;
import io.slipway.modelfiles.tokenizer.TextTokenizer;
import io.slipway.modelfiles.tokenizer.TokenizedText;
import io.slipway.modelfiles.tokenizer.TruncationSide;
import io.slipway.models.architecture.Head;
import io.slipway.models.architecture.TokenBatch;
import io.slipway.models.architecture.TokenScorer;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Precision;
import io.slipway.models.runtime.Tensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;

/** A model that says what may stand in the place of a mask. Safe for use by many threads. */
public final class FillMask implements AutoCloseable {

  private final TextModel<TokenScorer> model;
  private final long mask;

  /**
   * What a caller can ask for.
   *
   * @param topK fillings at most for each mask
   * @param targets what alone may be filled in: tokens of the vocabulary, or texts of which the
   *     first token is taken; empty for the whole vocabulary
   */
  public record Options(int topK, List<String> targets) {

    public static final Options DEFAULT = new Options(5, List.of());

    public Options {
      targets = List.copyOf(targets);
      if (topK < 1) {
        throw new IllegalArgumentException("top_k is " + topK + ", expected at least 1");
      }
    }
  }

  /**
   * One filling.
   *
   * @param sequence the whole text with it, without special tokens unless other masks are left
   * @param score its probability
   */
  public record Filling(String sequence, double score, long token, String tokenStr) {}

  private FillMask(TextModel<TokenScorer> model, long mask) {
    this.model = model;
    this.mask = mask;
  }

  /**
   * Loads a checkpoint in Hub layout; its weights stay mapped, so its files must stay unchanged
   * until this is closed.
   *
   * @throws ModelFilesException when it is malformed, unsupported or does not fit together
   */
  public static FillMask load(Path directory, ComputeExecutor executor, Precision precision)
      throws IOException, InterruptedException {
    TextModel<TokenScorer> model =
        TextModel.load(directory, Head.MASKED_LM, executor, precision, Integer.MAX_VALUE);
    if (model.tokenizer().specialToken("mask").isEmpty()) {
      model.close();
      throw new ModelFilesException(
          Reason.UNSUPPORTED_CONFIG, "the tokenizer has no mask_token, which fill-mask needs");
    }
    return new FillMask(model, model.tokenizer().specialToken("mask").getAsLong());
  }

  /** The mask as texts have it. */
  public String maskToken() {
    return model.tokenizer().token(mask).orElseThrow();
  }

  /**
   * Fills the masks of texts, each as if the others were not known.
   *
   * @return for each text, for each of its masks, fillings by falling score
   * @throws IllegalArgumentException when a text has no mask, or no target is a token
   */
  public List<List<List<Filling>>> predict(List<String> texts, Options options)
      throws InterruptedException {
    List<TokenizedText> tokenized = texts.stream().map(this::tokenize).toList();
    int vocabulary = model.config().requirePositiveInt("vocab_size");
    int[] targets = targets(options.targets(), vocabulary);
    List<float[][]> logits = model.run(tokenized, vocabulary, this::maskedLogits);
    return IntStream.range(0, texts.size())
        .mapToObj(i -> fillings(tokenized.get(i), logits.get(i), targets, options.topK()))
        .toList();
  }

  private TokenizedText tokenize(String text) {
    TokenizedText tokenized = model.tokenizer().encode(text);
    if (Arrays.stream(tokenized.ids()).noneMatch(id -> id == mask)) {
      throw new IllegalArgumentException(
          "the text has no mask token (%s)%s"
              .formatted(
                  maskToken(),
                  tokenized.truncated()
                      ? " among the first %d tokens".formatted(tokenized.length())
                      : ""));
    }
    return tokenized;
  }

  /** For each row, outputs at its masks alone: the vocabulary is large. */
  private List<float[][]> maskedLogits(TokenScorer scorer, TokenBatch batch) {
    long[] ids = batch.ids();
    long[] masked =
        IntStream.range(0, ids.length)
            .filter(i -> batch.real()[i] && ids[i] == mask)
            .mapToLong(i -> i)
            .toArray();
    Tensor logits = scorer.logits(Forward.inference(), batch);
    // [rows * length, vocabulary], of which [masks, vocabulary]
    Tensor flat = logits.reshape(-1, logits.size(2));
    float[][] rows =
        Tensors.rows(flat.index_select(0, Tensors.of(masked, model.device(), masked.length)));
    List<float[][]> results = new ArrayList<>();
    for (int row = 0; row < batch.rows(); row++) {
      long first = (long) row * batch.length();
      long last = first + batch.length();
      results.add(
          IntStream.range(0, rows.length)
              .filter(i -> masked[i] >= first && masked[i] < last)
              .mapToObj(i -> rows[i])
              .toArray(float[][]::new));
    }
    return results;
  }

  private int[] targets(List<String> targets, int vocabulary) {
    if (targets.isEmpty()) {
      return IntStream.range(0, vocabulary).toArray();
    }
    TextTokenizer tokenizer = model.tokenizer();
    int[] ids =
        targets.stream()
            .flatMap(
                target ->
                    tokenizer.id(target).isPresent()
                        ? Stream.of(tokenizer.id(target).getAsLong())
                        : Arrays.stream(
                                tokenizer.encode(target, false, 1, TruncationSide.RIGHT).ids())
                            .boxed())
            .mapToInt(Math::toIntExact)
            .filter(id -> id < vocabulary)
            .distinct()
            .toArray();
    if (ids.length == 0) {
      throw new IllegalArgumentException("none of the targets %s is a token".formatted(targets));
    }
    return ids;
  }

  private List<List<Filling>> fillings(
      TokenizedText text, float[][] logits, int[] targets, int topK) {
    int[] places = IntStream.range(0, text.length()).filter(i -> text.ids()[i] == mask).toArray();
    List<List<Filling>> fillings = new ArrayList<>();
    for (int i = 0; i < places.length; i++) {
      int place = places[i];
      double[] scores = ScoreFunction.SOFTMAX.apply(logits[i]);
      fillings.add(
          best(scores, targets, topK).stream()
              .map(token -> filling(text, place, places.length == 1, token, scores[token]))
              .toList());
    }
    return fillings;
  }

  /** By falling score, then by id. */
  private static List<Integer> best(double[] scores, int[] targets, int topK) {
    Comparator<Integer> better =
        Comparator.<Integer>comparingDouble(token -> -scores[token])
            .thenComparing(Comparator.naturalOrder());
    PriorityQueue<Integer> worstFirst = new PriorityQueue<>(better.reversed());
    for (int token : targets) {
      if (token < scores.length) {
        worstFirst.add(token);
      }
      if (worstFirst.size() > topK) {
        worstFirst.remove();
      }
    }
    return worstFirst.stream().sorted(better).toList();
  }

  private Filling filling(TokenizedText text, int place, boolean only, int token, double score) {
    TextTokenizer tokenizer = model.tokenizer();
    long[] ids = text.ids().clone();
    ids[place] = token;
    long pad = tokenizer.specialToken("pad").orElse(-1);
    long[] shown = Arrays.stream(ids).filter(id -> id != pad).toArray();
    return new Filling(
        tokenizer.decode(shown, only), score, token, tokenizer.decode(new long[] {token}, false));
  }

  /** Frees the weights and the tokenizer; calls that are under way must have ended. */
  @Override
  public void close() {
    model.close();
  }
}
