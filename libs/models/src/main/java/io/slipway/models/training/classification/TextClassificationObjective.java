package io.slipway.models.training.classification;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.modelfiles.ProblemType;
import io.slipway.modelfiles.tokenizer.TokenizedText;
import io.slipway.models.architecture.TokenBatch;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.runtime.Tensors;
import io.slipway.models.training.BaseModel;
import io.slipway.models.training.CrossEntropy;
import io.slipway.models.training.Measurement;
import io.slipway.models.training.Objective;
import io.slipway.models.training.Validation;
import io.slipway.models.training.run.Batch;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** Cross-entropy over the labels, or binary cross-entropy for each where several may hold. */
record TextClassificationObjective(
    TextClassificationGoal goal, ClassifiedTexts texts, CrossEntropy crossEntropy)
    implements Objective<LabelledText, LabelledText> {

  private static final long SUM = 2;

  static TextClassificationObjective begin(TextClassificationGoal goal, BaseModel base)
      throws IOException, InterruptedException {
    return new TextClassificationObjective(
        goal,
        ClassifiedTexts.load(base, goal.labels(), goal.maxLength(), goal.replaceHead()),
        new CrossEntropy(base.settings().labelSmoothing(), goal.classWeights()));
  }

  @Override
  public List<LabelledText> examples(List<LabelledText> rows) {
    goal.check(rows);
    return rows;
  }

  @Override
  public int length(LabelledText row) {
    String second = row.second();
    return row.text().length() + (second == null ? 0 : second.length());
  }

  private List<TokenizedText> encode(List<LabelledText> rows) {
    return rows.stream().map(row -> texts.encode(row.text(), row.second())).toList();
  }

  @Override
  public Batch batch(List<LabelledText> rows) {
    TokenBatch batch = texts.batch(encode(rows));
    if (goal.multiLabel()) {
      return multiLabel(rows, batch);
    }
    long[] targets = rows.stream().mapToLong(row -> row.labels().getFirst()).toArray();
    return new Batch(
        crossEntropy.items(targets),
        forward ->
            crossEntropy.sum(
                texts.logits(forward, batch), Tensors.of(targets, texts.device(), targets.length)));
  }

  private Batch multiLabel(List<LabelledText> rows, TokenBatch batch) {
    int labels = goal.labels().size();
    float[] targets = new float[rows.size() * labels];
    float[] weights = new float[targets.length];
    for (int i = 0; i < rows.size(); i++) {
      for (int label : rows.get(i).labels()) {
        targets[i * labels + label] = 1;
      }
      for (int label = 0; label < labels; label++) {
        weights[i * labels + label] =
            goal.classWeights().isEmpty() ? 1 : goal.classWeights().get(label).floatValue();
      }
    }
    return new Batch(
        targets.length,
        forward ->
            torch.binary_cross_entropy_with_logits(
                texts.logits(forward, batch),
                Tensors.of(targets, texts.device(), rows.size(), labels),
                new TensorOptional(Tensors.of(weights, texts.device(), rows.size(), labels)),
                new TensorOptional(),
                SUM));
  }

  @Override
  public Measurement<LabelledText> measurement() {
    ClassificationTally tally = new ClassificationTally(goal.labels().size(), goal.multiLabel());
    return new Measurement<>() {
      @Override
      public Consumer<Forward> prepare(List<LabelledText> rows) {
        return texts.measure(
            encode(rows),
            logits -> {
              for (int i = 0; i < logits.length; i++) {
                tally.add(logits[i], rows.get(i).labels());
              }
            });
      }

      @Override
      public Validation result(int rows) {
        return tally.result();
      }
    };
  }

  @Override
  public ModelConfig configuration(ModelConfig base) {
    return base.labelled(goal.labels())
        .problem(
            goal.multiLabel()
                ? ProblemType.MULTI_LABEL_CLASSIFICATION
                : ProblemType.SINGLE_LABEL_CLASSIFICATION);
  }
}
