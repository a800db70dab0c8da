package io.slipway.models.training.words;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.modelfiles.tokenizer.TextTokenizer;
import io.slipway.modelfiles.tokenizer.TokenizedText;
import io.slipway.models.architecture.Head;
import io.slipway.models.architecture.TokenBatch;
import io.slipway.models.architecture.TokenScorer;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.Tensors;
import io.slipway.models.training.BaseModel;
import io.slipway.models.training.CrossEntropy;
import io.slipway.models.training.Measurement;
import io.slipway.models.training.Objective;
import io.slipway.models.training.Validation;
import io.slipway.models.training.run.Batch;
import io.slipway.models.training.words.TokenClassificationObjective.Example;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.bytedeco.pytorch.Tensor;

/** Cross-entropy over the labels of each word's first token. */
record TokenClassificationObjective(
    TokenClassificationGoal goal,
    TokenScorer model,
    TextTokenizer tokenizer,
    CrossEntropy crossEntropy,
    ComputeDevice device)
    implements Objective<LabelledWords, Example> {

  /**
   * A text as tokens.
   *
   * @param targets a label for each token that begins a word, {@link CrossEntropy#IGNORED} else
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Example(TokenizedText text, long[] targets) {}

  static TokenClassificationObjective begin(TokenClassificationGoal goal, BaseModel base)
      throws IOException, InterruptedException {
    return new TokenClassificationObjective(
        goal,
        base.load(Head.TOKEN_CLASSIFICATION, goal.labels(), goal.replaceHead()),
        base.tokenizer(goal.maxLength()),
        new CrossEntropy(base.settings().labelSmoothing(), goal.classWeights()),
        base.device());
  }

  @Override
  public List<Example> examples(List<LabelledWords> rows) {
    return rows.stream().map(this::example).toList();
  }

  private Example example(LabelledWords row) {
    goal.check(row);
    TokenizedText text = tokenizer.encodeWords(row.words());
    long[] targets = new long[text.length()];
    int before = -1;
    for (int i = 0; i < targets.length; i++) {
      int word = text.words()[i];
      targets[i] = word < 0 || word == before ? CrossEntropy.IGNORED : row.labels().get(word);
      before = word;
    }
    return new Example(text, targets);
  }

  @Override
  public int length(Example example) {
    return example.text().length();
  }

  private TokenBatch texts(List<Example> examples) {
    return TokenBatch.of(
        examples.stream().map(Example::text).toList(), tokenizer.specialToken("pad").orElse(0));
  }

  @Override
  public Batch batch(List<Example> examples) {
    TokenBatch batch = texts(examples);
    long[] targets = new long[batch.ids().length];
    Arrays.fill(targets, CrossEntropy.IGNORED);
    for (int row = 0; row < examples.size(); row++) {
      long[] own = examples.get(row).targets();
      System.arraycopy(own, 0, targets, row * batch.length(), own.length);
    }
    return new Batch(
        crossEntropy.items(targets),
        forward ->
            crossEntropy.sum(
                model.logits(forward, batch), Tensors.of(targets, device, targets.length)));
  }

  @Override
  public Measurement<Example> measurement() {
    EntityTally tally = new EntityTally(goal.labels());
    return new Measurement<>() {
      @Override
      public Consumer<Forward> prepare(List<Example> examples) {
        TokenBatch batch = texts(examples);
        return forward -> {
          Tensor logits = model.logits(forward, batch);
          float[][] scores = Tensors.rows(logits.reshape(-1, logits.size(2)));
          for (int row = 0; row < examples.size(); row++) {
            count(tally, scores, row * batch.length(), examples.get(row).targets());
          }
        };
      }

      @Override
      public Validation result(int rows) {
        return tally.result(rows);
      }
    };
  }

  private static void count(EntityTally tally, float[][] scores, int from, long[] targets) {
    List<float[]> words = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    for (int i = 0; i < targets.length; i++) {
      if (targets[i] != CrossEntropy.IGNORED) {
        words.add(scores[from + i]);
        labels.add((int) targets[i]);
      }
    }
    tally.add(words, labels);
  }

  @Override
  public ModelConfig configuration(ModelConfig base) {
    return goal.configuration(base);
  }
}
