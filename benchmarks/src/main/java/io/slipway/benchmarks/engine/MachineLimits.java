package io.slipway.benchmarks.engine;

import io.slipway.benchmarks.engine.Measurement.Work;
import io.slipway.benchmarks.engine.Section.Weights;
import java.io.IOException;
import java.util.List;
import java.util.OptionalDouble;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The machine at its best, with as many threads as the rest of the benchmark.
 *
 * @param bandwidth bytes of memory read and written a second
 * @param float32 operations a second in products of large matrices, and so on
 */
record MachineLimits(double bandwidth, double float32, double bfloat16) {

  /** Each buffer is many times as large as a processor's caches. */
  private static final int BUFFER_MIB = 256;

  private static final int MATRIX = 2048;
  private static final int RUNS = 6;
  private static final double MILLIS = 1e3;

  static MachineLimits measure(MeasuringProcess process)
      throws MeasuringProcess.Failure, IOException {
    double mib = BUFFER_MIB * (double) (1 << 20);
    double operations = 2.0 * MATRIX * MATRIX * MATRIX;
    double triad = 3 * mib / least(process, Work.TRIAD, 1, BUFFER_MIB);
    double copy = 2 * mib / least(process, Work.COPY, 1, BUFFER_MIB);
    return new MachineLimits(
        Math.max(triad, copy),
        operations / least(process, Work.MATMUL, Float.BYTES, MATRIX),
        operations / least(process, Work.MATMUL, Short.BYTES, MATRIX));
  }

  private static double least(MeasuringProcess process, Work work, int batch, int length)
      throws MeasuringProcess.Failure, IOException {
    return process.time(new Measurement(work, batch, length, 1, RUNS)).leastMillis() / MILLIS;
  }

  /** Which part of the limit a measurement came to; empty where neither limit is its own. */
  OptionalDouble fraction(Measurement measurement, Weights weights, ModelCost cost, double millis) {
    double seconds = millis / MILLIS;
    double operations = cost.operations(measurement);
    double bytes = cost.bytes(measurement, weights);
    double peak = weights.computedIn().equals("float32") ? float32 : bfloat16;
    if (operations > 0) {
      return OptionalDouble.of(operations / seconds / peak);
    }
    return bytes > 0 ? OptionalDouble.of(bytes / seconds / bandwidth) : OptionalDouble.empty();
  }

  /** As lines among the figures. */
  List<String> jsonLines(int threads) {
    return List.of(
        line(threads, "memory-bandwidth", "").put("gb_per_s", tenths(bandwidth / 1e9)).toString(),
        line(threads, "matmul", "float32").put("gflop_per_s", tenths(float32 / 1e9)).toString(),
        line(threads, "matmul", "bfloat16").put("gflop_per_s", tenths(bfloat16 / 1e9)).toString());
  }

  private static ObjectNode line(int threads, String work, String dtype) {
    return new JsonMapper()
        .createObjectNode()
        .put("peer", "machine")
        .put("threads", threads)
        .put("work", work)
        .put("dtype", dtype);
  }

  private static double tenths(double value) {
    return Math.round(value * 10) / 10.0;
  }
}
