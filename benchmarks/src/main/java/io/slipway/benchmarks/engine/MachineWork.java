package io.slipway.benchmarks.engine;

import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Scope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * What the machine can do at most, through the same library and threads: memory traffic as in
 * STREAM, and products of large matrices. {@code batch} is the bytes of an element.
 *
 * @see <a href="https://www.cs.virginia.edu/stream/ref.html">STREAM</a>
 */
record MachineWork(ComputeExecutor executor) implements EngineWork {

  private static final long MIB = 1L << 20;

  @Override
  public Timing.Call prepare(Measurement measurement) throws IOException, InterruptedException {
    long n = measurement.length();
    return switch (measurement.work()) {
      case TRIAD ->
          new OnTensors(
              3,
              ScalarType.Float,
              new long[] {n * MIB / Float.BYTES},
              t -> torch.add_out(t.get(0), t.get(1), t.get(2), new Scalar(3.0)));
      case COPY ->
          new OnTensors(
              2,
              ScalarType.Float,
              new long[] {n * MIB / Float.BYTES},
              t -> t.get(0).copy_(t.get(1)));
      case MATMUL ->
          new OnTensors(
              3,
              measurement.batch() == Float.BYTES ? ScalarType.Float : ScalarType.BFloat16,
              new long[] {n, n},
              t -> torch.mm_out(t.get(0), t.get(1), t.get(2)));
      case LOAD, ENCODER, PREFILL, DECODE, TRAIN_FULL, TRAIN_LORA, PEAK_MEMORY ->
          throw new IllegalArgumentException(
              "the machine alone cannot do " + measurement.work().jsonName());
    };
  }

  /** Work on tensors that are made beforehand and have been written to. */
  private final class OnTensors implements Timing.Call {

    private final List<Tensor> tensors = new ArrayList<>();
    private final Consumer<List<Tensor>> work;

    OnTensors(int count, ScalarType type, long[] shape, Consumer<List<Tensor>> work)
        throws IOException, InterruptedException {
      this.work = work;
      executor.call(
          () -> {
            Device device = executor.device().handle();
            TensorOptions options =
                new TensorOptions()
                    .dtype(new ScalarTypeOptional(type))
                    .device(new DeviceOptional(device));
            for (int i = 0; i < count; i++) {
              tensors.add(Scope.keep(torch.ones(shape, options)));
            }
            return true;
          });
    }

    @Override
    public void run() throws IOException, InterruptedException {
      executor.call(
          () -> {
            work.accept(tensors);
            return tensors.getFirst().view(-1).select(0, 0).item_float();
          });
    }

    @Override
    public void close() {
      executor.release(() -> tensors.forEach(Scope::release));
    }
  }

  @Override
  public void close() {}
}
