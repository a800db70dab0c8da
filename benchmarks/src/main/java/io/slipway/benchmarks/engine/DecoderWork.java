package io.slipway.benchmarks.engine;

import io.slipway.benchmarks.engine.Measurement.Work;
import io.slipway.benchmarks.engine.Section.Weights;
import io.slipway.modelfiles.Checkpoint;
import io.slipway.modelfiles.ModelConfig;
import io.slipway.models.architecture.CausalDecoder;
import io.slipway.models.architecture.Continuation;
import io.slipway.models.architecture.Head;
import io.slipway.models.architecture.LoadedModel;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.runtime.ComputeExecutor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Prompts and single tokens through a decoder. */
final class DecoderWork implements EngineWork {

  private final ComputeExecutor executor;
  private final Path directory;
  private final Weights weights;
  private @Nullable LoadedModel<CausalDecoder> loaded;

  DecoderWork(ComputeExecutor executor, Path directory, Weights weights) {
    this.executor = executor;
    this.directory = directory;
    this.weights = weights;
  }

  @Override
  public Timing.Call prepare(Measurement measurement) throws IOException, InterruptedException {
    long[][] prompts = prompts(measurement);
    if (measurement.work() == Work.LOAD) {
      close();
      return () -> prefill(model(), prompts);
    }
    CausalDecoder model = model();
    return measurement.work() == Work.PREFILL
        ? () -> prefill(model, prompts)
        : new Decoding(model, measurement, prompts);
  }

  private void prefill(CausalDecoder model, long[][] prompts)
      throws IOException, InterruptedException {
    executor.call(
        () -> {
          try (Continuation continuation = model.begin(prompts.length, prompts[0].length)) {
            return first(continuation, prompts);
          }
        });
  }

  /** Extends every row and waits for the result. */
  private static float first(Continuation continuation, long[][] tokens) {
    return continuation.extend(Forward.inference(), tokens).select(0, 0).select(0, 0).item_float();
  }

  /** One token more for each row, from a context on that grows with each call. */
  private final class Decoding implements Timing.Call {

    private final Continuation continuation;
    private final long[][] next;

    Decoding(CausalDecoder model, Measurement measurement, long[][] prompts)
        throws IOException, InterruptedException {
      int capacity = measurement.length() + measurement.warmUp() + measurement.runs();
      this.continuation = executor.call(() -> model.begin(measurement.batch(), capacity));
      this.next =
          Arrays.stream(prompts).map(prompt -> new long[] {prompt[0]}).toArray(long[][]::new);
      executor.call(() -> first(continuation, prompts));
    }

    @Override
    public void run() throws IOException, InterruptedException {
      executor.call(() -> first(continuation, next));
    }

    @Override
    public void close() {
      executor.release(continuation::close);
    }
  }

  private CausalDecoder model() throws IOException, InterruptedException {
    LoadedModel<CausalDecoder> model = loaded;
    if (model == null) {
      model =
          executor.call(
              () ->
                  LoadedModel.forInference(
                      Checkpoint.open(directory),
                      Head.CAUSAL_LM,
                      executor.device(),
                      Precisions.of(weights)));
      loaded = model;
    }
    return model.model();
  }

  private long[][] prompts(Measurement measurement) throws IOException {
    int vocabulary =
        ModelConfig.read(directory.resolve(ModelConfig.FILE)).requirePositiveInt("vocab_size");
    long[][] prompts = new long[measurement.batch()][];
    for (int row = 0; row < prompts.length; row++) {
      prompts[row] =
          EngineProcess.tokens((row + 1L) * measurement.length(), vocabulary)
              .skip((long) row * measurement.length())
              .toArray();
    }
    return prompts;
  }

  @Override
  public void close() {
    if (loaded != null) {
      executor.release(loaded::close);
      loaded = null;
    }
  }
}
