package io.slipway.benchmarks.checkpoint;

import io.slipway.modelfiles.safetensors.Dtype;
import io.slipway.modelfiles.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.stream.LongStream;

/** Weights drawn from a normal distribution; biases are zero, scales of normalisations one. */
final class RandomWeights {

  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt");
  private final Random random;
  private final double deviation;

  RandomWeights(long seed, double deviation) {
    this.random = new Random(seed);
    this.deviation = deviation;
  }

  void normal(String name, long... shape) {
    tensor(name, () -> random.nextGaussian() * deviation, shape);
  }

  void zeros(String name, long... shape) {
    tensor(name, () -> 0, shape);
  }

  void ones(String name, long... shape) {
    tensor(name, () -> 1, shape);
  }

  /** {@code weight} [out, in] and {@code bias} [out] */
  void linear(String name, long out, long in) {
    normal(name + ".weight", out, in);
    zeros(name + ".bias", out);
  }

  /** {@code weight} and {@code bias} [size] */
  void layerNorm(String name, long size) {
    ones(name + ".weight", size);
    zeros(name + ".bias", size);
  }

  private void tensor(String name, DoubleSupplier element, long... shape) {
    int elements = Math.toIntExact(LongStream.of(shape).reduce(1, Math::multiplyExact));
    writer.tensor(
        name,
        Dtype.F32,
        Arrays.stream(shape).boxed().toList(),
        () -> {
          MemorySegment data = MemorySegment.ofArray(new byte[elements * Float.BYTES]);
          for (int i = 0; i < elements; i++) {
            data.setAtIndex(FLOAT, i, (float) element.getAsDouble());
          }
          return data;
        });
  }

  void write(Path folder) throws IOException {
    writer.write(folder.resolve("model.safetensors"), false);
  }
}
