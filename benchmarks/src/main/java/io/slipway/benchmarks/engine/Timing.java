package io.slipway.benchmarks.engine;

import java.io.IOException;
import java.util.Arrays;

/**
 * How long calls took.
 *
 * @param medianMillis the upper one of two
 * @param leastMillis the quickest
 */
record Timing(double medianMillis, double leastMillis) {

  /** A call that can be repeated; what it holds on to is freed in the end. */
  interface Call extends AutoCloseable {

    void run() throws IOException, InterruptedException;

    @Override
    default void close() {}
  }

  static Timing of(Measurement measurement, Call call) throws IOException, InterruptedException {
    for (int i = 0; i < measurement.warmUp(); i++) {
      call.run();
    }
    double[] millis = new double[measurement.runs()];
    for (int i = 0; i < millis.length; i++) {
      long begin = System.nanoTime();
      call.run();
      millis[i] = (System.nanoTime() - begin) / 1e6;
    }
    Arrays.sort(millis);
    return new Timing(millis[millis.length / 2], millis[0]);
  }
}
