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

  /** In positions, as a multiple of 2π. */
  private static final double LONGEST_WAVE = 1000;

  private final SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt");
  private final Random random;
  private final double deviation;

  RandomWeights(long seed, double deviation) {
    this.random = new Random(seed);
    this.deviation = deviation;
  }

  void normal(String name, long... shape) {
    scaled(name, 1, shape);
  }

  /** As {@link #normal}, so many times as large. */
  void scaled(String name, double factor, long... shape) {
    tensor(name, () -> random.nextGaussian() * deviation * factor, shape);
  }

  void zeros(String name, long... shape) {
    tensor(name, () -> 0, shape);
  }

  void ones(String name, long... shape) {
    tensor(name, () -> 1, shape);
  }

  /**
   * A square layer that begins as its input, so many times: where queries and keys do, attention
   * goes to what is alike.
   *
   * @see <a href="https://arxiv.org/abs/2305.09828">Trockman and Kolter 2023</a>
   */
  void identity(String name, long size, double factor) {
    long[] element = {0};
    tensor(name + ".weight", () -> element[0]++ % (size + 1) == 0 ? factor : 0, size, size);
    zeros(name + ".bias", size);
  }

  /** An element of a matrix. */
  @FunctionalInterface
  interface Cell {

    double at(int row, int column);
  }

  /** Another number of the distribution. */
  double drawn() {
    return random.nextGaussian() * deviation;
  }

  /** A table of these cells. */
  void cells(String name, int rows, int columns, Cell cell) {
    int[] element = {0};
    tensor(
        name,
        () -> {
          int at = element[0]++;
          return cell.at(at / columns, at % columns);
        },
        rows,
        columns);
  }

  /** A square layer of these cells. */
  void layer(String name, int size, Cell cell) {
    cells(name + ".weight", size, size, cell);
    zeros(name + ".bias", size);
  }

  /**
   * Sines and cosines of positions, at wavelengths from 2π up: near ones are alike.
   *
   * @param waves of so many columns; the others are zero
   * @see <a href="https://arxiv.org/abs/1706.03762">Vaswani et al. 2017</a>
   */
  void sinusoids(String name, long positions, long size, long waves, double amplitude) {
    long[] element = {0};
    tensor(
        name,
        () -> {
          long position = element[0] / size;
          long column = element[0]++ % size;
          if (column >= waves) {
            return 0;
          }
          double angle = position * radians(column, waves);
          return amplitude * (column % 2 == 0 ? Math.sin(angle) : Math.cos(angle));
        },
        positions,
        size);
  }

  /** How far a column of {@link #sinusoids} turns from one position to the next. */
  static double radians(long column, long waves) {
    return Math.pow(LONGEST_WAVE, -(column - column % 2.0) / waves);
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
