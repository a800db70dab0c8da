package io.slipway.models.task;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.tokenizer.TokenizedText;
import io.slipway.models.architecture.Head;
import io.slipway.models.architecture.SequenceClassifier;
import io.slipway.models.architecture.TokenBatch;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Precision;
import io.slipway.models.runtime.Tensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A model that gives labels to texts, or to pairs of texts.
 *
 * <p>{@link #predict} does it all. A caller that makes its own batches takes the steps one by one:
 * {@link #tokenize} on any thread, {@link #logits} for a batch, {@link #scores} for each of its
 * rows. Safe for use by many threads.
 */
public final class TextClassification implements AutoCloseable {

  private final TextModel<SequenceClassifier> model;
  private final List<String> labels;
  private final ScoreFunction defaultFunction;

  /** Two texts that are judged together, such as a premise and a hypothesis. */
  public record Pair(String text, String textPair) {}

  private TextClassification(TextModel<SequenceClassifier> model) {
    ModelConfig config = model.config();
    this.model = model;
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
    return new TextClassification(
        TextModel.load(
            directory, Head.SEQUENCE_CLASSIFICATION, executor, precision, Integer.MAX_VALUE));
  }

  /** Labels by index. */
  public List<String> labels() {
    return labels;
  }

  /** Tokens at most of a text; longer ones are cut. */
  public int maxLength() {
    return model.tokenizer().maxLength();
  }

  public TokenizedText tokenize(String text) {
    return model.tokenizer().encode(text);
  }

  /** A pair that is too long loses from its longer text. */
  public TokenizedText tokenize(Pair pair) {
    return model.tokenizer().encodePair(pair.text(), pair.textPair());
  }

  /**
   * Runs texts through the model in one batch, padded to the longest of them.
   *
   * @return a row for each text, with an output for each label
   */
  public float[][] logits(List<TokenizedText> texts) throws InterruptedException {
    return model.batch(texts, TextClassification::logits).toArray(float[][]::new);
  }

  private static List<float[]> logits(SequenceClassifier classifier, TokenBatch batch) {
    return Arrays.asList(Tensors.rows(classifier.logits(Forward.inference(), batch)));
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
    return label(texts.stream().map(this::tokenize).toList(), function, topK);
  }

  /** Like {@link #predict}, for pairs of texts. */
  public List<List<LabelScore>> predictPairs(
      List<Pair> pairs, Optional<ScoreFunction> function, int topK) throws InterruptedException {
    return label(pairs.stream().map(this::tokenize).toList(), function, topK);
  }

  private List<List<LabelScore>> label(
      List<TokenizedText> texts, Optional<ScoreFunction> function, int topK)
      throws InterruptedException {
    return model.run(texts, 1, TextClassification::logits).stream()
        .map(row -> scores(row, function, topK))
        .toList();
  }

  /** Frees the weights and the tokenizer; calls that are under way must have ended. */
  @Override
  public void close() {
    model.close();
  }
}
