package io.slipway.models.task;

import io.slipway.modelfiles.Checkpoint;
import io.slipway.modelfiles.ModelConfig;
import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.tokenizer.TextTokenizer;
import io.slipway.modelfiles.tokenizer.TokenizedText;
import io.slipway.models.architecture.Head;
import io.slipway.models.architecture.LoadedModel;
import io.slipway.models.architecture.SequenceClassifier;
import io.slipway.models.architecture.TokenBatch;
import io.slipway.models.layers.Forward;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Precision;
import io.slipway.models.runtime.Tensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A model that gives labels to texts.
 *
 * <p>{@link #predict} does it all. A caller that makes its own batches takes the steps one by one:
 * {@link #tokenize} on any thread, {@link #logits} for a batch, {@link #scores} for each of its
 * rows. Safe for use by many threads.
 */
public final class TextClassification implements AutoCloseable {

  /** Rows that {@link #predict} runs at once. */
  private static final int BATCH_ROWS = 32;

  private final ComputeExecutor executor;
  private final LoadedModel<SequenceClassifier> classifier;
  private final TextTokenizer tokenizer;
  private final List<String> labels;
  private final ScoreFunction defaultFunction;

  private TextClassification(
      ComputeExecutor executor,
      LoadedModel<SequenceClassifier> classifier,
      TextTokenizer tokenizer,
      ModelConfig config) {
    this.executor = executor;
    this.classifier = classifier;
    this.tokenizer = tokenizer;
    this.labels = config.labels();
    this.defaultFunction = ScoreFunction.of(config);
  }

  /**
   * Loads a checkpoint in Hub layout; its weights stay mapped, so its files must stay unchanged
   * until this is closed.
   *
   * @throws ModelFilesException when it is malformed, unsupported or does not fit together
   */
  public static TextClassification load(
      Path directory, ComputeExecutor executor, Precision precision)
      throws IOException, InterruptedException {
    Checkpoint checkpoint = Checkpoint.open(directory);
    ModelConfig config = checkpoint.config();
    TextTokenizer tokenizer = null;
    boolean loaded = false;
    try {
      tokenizer =
          TextTokenizer.open(directory, LoadedModel.positions(config).orElse(Integer.MAX_VALUE));
      LoadedModel<SequenceClassifier> classifier =
          executor.call(
              () ->
                  LoadedModel.forInference(
                      checkpoint, Head.SEQUENCE_CLASSIFICATION, executor.device(), precision));
      loaded = true;
      return new TextClassification(executor, classifier, tokenizer, config);
    } finally {
      if (!loaded) {
        checkpoint.close();
        if (tokenizer != null) {
          tokenizer.close();
        }
      }
    }
  }

  /** Labels by index. */
  public List<String> labels() {
    return labels;
  }

  /** Tokens at most of a text; longer ones are cut. */
  public int maxLength() {
    return tokenizer.maxLength();
  }

  public TokenizedText tokenize(String text) {
    return tokenizer.encode(text);
  }

  /**
   * Runs texts through the model in one batch, padded to the longest of them.
   *
   * @return a row for each text, with an output for each label
   */
  public float[][] logits(List<TokenizedText> texts) throws InterruptedException {
    TokenBatch batch = TokenBatch.of(texts, tokenizer.specialToken("pad").orElse(0));
    try {
      return executor.call(
          () -> Tensors.rows(classifier.model().logits(Forward.inference(), batch)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads one row of outputs.
   *
   * @param function empty for what the model's configuration asks for
   * @param topK how many of the best labels; 0 for all
   * @return labels by falling score
   */
  public List<LabelScore> scores(float[] logits, Optional<ScoreFunction> function, int topK) {
    if (topK < 0) {
      throw new IllegalArgumentException(
          "top_k is " + topK + ", expected 0 for all labels or a positive number");
    }
    double[] scores = function.orElse(defaultFunction).apply(logits);
    return LabelScore.best(labels, scores, topK == 0 ? scores.length : topK);
  }

  /**
   * Labels texts, in batches of similar lengths.
   *
   * @return a list for each text, in order
   */
  public List<List<LabelScore>> predict(
      List<String> texts, Optional<ScoreFunction> function, int topK) throws InterruptedException {
    List<TokenizedText> tokenized = texts.stream().map(this::tokenize).toList();
    List<Integer> byLength =
        IntStream.range(0, texts.size())
            .boxed()
            .sorted(Comparator.comparingInt(i -> tokenized.get(i).length()))
            .toList();
    float[][] logits = new float[texts.size()][];
    for (int from = 0; from < byLength.size(); from += BATCH_ROWS) {
      List<Integer> rows = byLength.subList(from, Math.min(from + BATCH_ROWS, byLength.size()));
      float[][] batch = logits(rows.stream().map(tokenized::get).toList());
      for (int i = 0; i < batch.length; i++) {
        logits[rows.get(i)] = batch[i];
      }
    }
    List<List<LabelScore>> results = new ArrayList<>(texts.size());
    Arrays.stream(logits).forEach(row -> results.add(scores(row, function, topK)));
    return results;
  }

  /** Frees the weights and the tokenizer; calls that are under way must have ended. */
  @Override
  public void close() {
    executor.release(classifier::close);
    tokenizer.close();
  }
}
