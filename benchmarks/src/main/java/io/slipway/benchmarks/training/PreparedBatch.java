package io.slipway.benchmarks.training;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.models.architecture.Head;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.training.BaseModel;
import io.slipway.models.training.Goal;
import io.slipway.models.training.Measurement;
import io.slipway.models.training.Objective;
import io.slipway.models.training.run.Batch;
import io.slipway.models.training.settings.Schedule;
import io.slipway.models.training.settings.TrainingSettings;
import java.io.IOException;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * The goal of a run that takes each of its steps on the same batch. Such a run has one row, which
 * stands for all of the batch, and an epoch is a step.
 *
 * @param <M> what a model with this head can do
 */
public record PreparedBatch<M>(Head<M> head, MeanLoss<M> loss) implements Goal<PreparedBatch.All> {

  /** The one row. */
  public static final List<All> ROWS = List.of(All.OF_IT);

  /** All of the batch. */
  public enum All {
    OF_IT
  }

  /** The mean over the batch, in single precision; runs on the compute thread. */
  @FunctionalInterface
  public interface MeanLoss<M> {

    Tensor of(M model, Forward forward);
  }

  /** So many steps of plain AdamW: a constant rate, no decay, no clipping. */
  public static TrainingSettings settings(int steps, double learningRate) {
    return TrainingSettings.defaults()
        .with()
        .epochs(steps)
        .batchSize(ROWS.size())
        .learningRate(learningRate)
        .schedule(Schedule.CONSTANT)
        .warmupRatio(0)
        .weightDecay(0)
        .maxGradientNorm(0)
        .shuffle(false)
        .settings();
  }

  @Override
  public Objective<All, ?> begin(BaseModel base) throws IOException, InterruptedException {
    List<String> labels = head.labelled() ? base.config().labels() : List.of();
    M model = base.load(head, labels, false);
    return new Steps(new Batch(1, forward -> loss.of(model, forward)));
  }

  private record Steps(Batch batch) implements Objective<All, All> {

    @Override
    public List<All> examples(List<All> rows) {
      return rows;
    }

    @Override
    public Batch batch(List<All> examples) {
      return batch;
    }

    @Override
    public int length(All example) {
      return 1;
    }

    @Override
    public Measurement<All> measurement() {
      throw new IllegalStateException("a prepared batch is trained on, not measured");
    }

    @Override
    public ModelConfig configuration(ModelConfig base) {
      return base;
    }
  }
}
