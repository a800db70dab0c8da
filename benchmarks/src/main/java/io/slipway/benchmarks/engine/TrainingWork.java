package io.slipway.benchmarks.engine;

import io.slipway.benchmarks.engine.Measurement.Work;
import io.slipway.benchmarks.engine.Section.Weights;
import io.slipway.benchmarks.training.PreparedBatch;
import io.slipway.modelfiles.ModelConfig;
import io.slipway.models.architecture.Head;
import io.slipway.models.architecture.SequenceClassifier;
import io.slipway.models.architecture.TokenBatch;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Precision;
import io.slipway.models.runtime.Tensors;
import io.slipway.models.training.FineTuning;
import io.slipway.models.training.settings.LoraSettings;
import io.slipway.models.training.settings.TrainingSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Training steps of a classifier, each measurement on a model of its own. */
record TrainingWork(ComputeExecutor executor, Path directory, Weights weights)
    implements EngineWork {

  private static final double LEARNING_RATE = 1e-4;
  private static final LoraSettings ADAPTER = LoraSettings.of(8, 16, List.of("query", "value"));

  @Override
  public Timing.Call prepare(Measurement measurement) throws IOException, InterruptedException {
    if (measurement.work() == Work.LOAD) {
      return () -> {
        try (Training first = start(measurement)) {
          first.run();
        }
      };
    }
    return start(measurement);
  }

  private Training start(Measurement measurement) throws IOException, InterruptedException {
    int labels = ModelConfig.read(directory.resolve(ModelConfig.FILE)).labels().size();
    TokenBatch batch = EncoderWork.batch(directory, measurement);
    long[] targets = new Random(0).longs(measurement.batch(), 0, labels).toArray();
    PreparedBatch<SequenceClassifier> goal =
        new PreparedBatch<>(
            Head.SEQUENCE_CLASSIFICATION,
            (model, forward) ->
                torch.cross_entropy_loss(
                    model.logits(forward, batch).to(ScalarType.Float),
                    Tensors.of(targets, executor.device(), targets.length)));
    return new Training(
        FineTuning.start(
            directory,
            goal,
            PreparedBatch.ROWS,
            settings(measurement),
            measurement.work() == Work.TRAIN_LORA ? Optional.of(ADAPTER) : Optional.empty(),
            executor));
  }

  private TrainingSettings settings(Measurement measurement) {
    return PreparedBatch.settings(measurement.warmUp() + measurement.runs(), LEARNING_RATE)
        .with()
        .precision(weights == Weights.BF16_AUTOCAST ? Precision.BFLOAT16 : Precision.FLOAT32)
        .settings();
  }

  /** A model under training. */
  private record Training(FineTuning<PreparedBatch.All> steps) implements Timing.Call {

    @Override
    public void run() throws InterruptedException {
      steps.step();
    }

    @Override
    public void close() {
      steps.close();
    }
  }

  @Override
  public void close() {}
}
