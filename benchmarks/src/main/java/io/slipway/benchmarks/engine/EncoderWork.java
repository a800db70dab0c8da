package io.slipway.benchmarks.engine;

import io.slipway.benchmarks.engine.Measurement.Work;
import io.slipway.benchmarks.engine.Section.Weights;
import io.slipway.modelfiles.Checkpoint;
import io.slipway.modelfiles.ModelConfig;
import io.slipway.models.architecture.Head;
import io.slipway.models.architecture.LoadedModel;
import io.slipway.models.architecture.SequenceClassifier;
import io.slipway.models.architecture.TokenBatch;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.runtime.ComputeExecutor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Passes through a classifier. */
final class EncoderWork implements EngineWork {

  private final ComputeExecutor executor;
  private final Path directory;
  private final Weights weights;
  private @Nullable LoadedModel<SequenceClassifier> loaded;

  EncoderWork(ComputeExecutor executor, Path directory, Weights weights) {
    this.executor = executor;
    this.directory = directory;
    this.weights = weights;
  }

  @Override
  public Timing.Call prepare(Measurement measurement) throws IOException, InterruptedException {
    TokenBatch batch = batch(directory, measurement);
    if (measurement.work() == Work.LOAD) {
      close();
      return () -> answer(model(), batch);
    }
    SequenceClassifier model = model();
    return () -> answer(model, batch);
  }

  private void answer(SequenceClassifier model, TokenBatch batch)
      throws IOException, InterruptedException {
    executor.call(
        () -> model.logits(Forward.inference(), batch).select(0, 0).select(0, 0).item_float());
  }

  private SequenceClassifier model() throws IOException, InterruptedException {
    LoadedModel<SequenceClassifier> model = loaded;
    if (model == null) {
      model =
          executor.call(
              () ->
                  LoadedModel.forInference(
                      Checkpoint.open(directory),
                      Head.SEQUENCE_CLASSIFICATION,
                      executor.device(),
                      Precisions.of(weights)));
      loaded = model;
    }
    return model.model();
  }

  /** Random tokens without padding. */
  static TokenBatch batch(Path directory, Measurement measurement) throws IOException {
    int vocabulary =
        ModelConfig.read(directory.resolve(ModelConfig.FILE)).requirePositiveInt("vocab_size");
    int size = measurement.batch() * measurement.length();
    boolean[] real = new boolean[size];
    Arrays.fill(real, true);
    return new TokenBatch(
        measurement.batch(),
        measurement.length(),
        EngineProcess.tokens(size, vocabulary).toArray(),
        new long[size],
        real);
  }

  @Override
  public void close() {
    if (loaded != null) {
      executor.release(loaded::close);
      loaded = null;
    }
  }
}
