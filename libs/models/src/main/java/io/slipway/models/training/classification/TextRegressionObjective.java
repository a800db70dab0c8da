package io.slipway.models.training.classification;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.modelfiles.ProblemType;
import io.slipway.modelfiles.tokenizer.TokenizedText;
import io.slipway.models.architecture.TokenBatch;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.runtime.Tensors;
import io.slipway.models.training.BaseModel;
import io.slipway.models.training.Measurement;
import io.slipway.models.training.Objective;
import io.slipway.models.training.Validation;
import io.slipway.models.training.run.Batch;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.bytedeco.pytorch.global.torch;

/** Mean squared error of the values. */
record TextRegressionObjective(TextRegressionGoal goal, ClassifiedTexts texts)
    implements Objective<ScoredText, ScoredText> {

  private static final long SUM = 2;

  static TextRegressionObjective begin(TextRegressionGoal goal, BaseModel base)
      throws IOException, InterruptedException {
    return new TextRegressionObjective(
        goal, ClassifiedTexts.load(base, goal.names(), goal.maxLength(), goal.replaceHead()));
  }

  @Override
  public List<ScoredText> examples(List<ScoredText> rows) {
    goal.check(rows);
    return rows;
  }

  @Override
  public int length(ScoredText row) {
    String second = row.second();
    return row.text().length() + (second == null ? 0 : second.length());
  }

  private List<TokenizedText> encode(List<ScoredText> rows) {
    return rows.stream().map(row -> texts.encode(row.text(), row.second())).toList();
  }

  @Override
  public Batch batch(List<ScoredText> rows) {
    TokenBatch batch = texts.batch(encode(rows));
    int outputs = goal.names().size();
    float[] targets = new float[rows.size() * outputs];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = rows.get(i / outputs).values().get(i % outputs).floatValue();
    }
    return new Batch(
        targets.length,
        forward ->
            torch.mse_loss(
                texts.logits(forward, batch),
                Tensors.of(targets, texts.device(), rows.size(), outputs),
                SUM));
  }

  @Override
  public Measurement<ScoredText> measurement() {
    RegressionTally tally = new RegressionTally();
    return new Measurement<>() {
      @Override
      public Consumer<Forward> prepare(List<ScoredText> rows) {
        return texts.measure(
            encode(rows),
            outputs -> {
              for (int i = 0; i < outputs.length; i++) {
                tally.add(outputs[i], rows.get(i).values());
              }
            });
      }

      @Override
      public Validation result(int rows) {
        return tally.result(rows);
      }
    };
  }

  @Override
  public ModelConfig configuration(ModelConfig base) {
    return base.labelled(goal.names()).problem(ProblemType.REGRESSION);
  }
}
