package io.slipway.evaluation.metrics;

import java.time.Duration;
import java.util.Arrays;

/** How long calls took; 8 bytes each. Not safe for use by several threads. */
public final class Latencies {

  private static final double NANOS_A_MILLISECOND = 1e6;

  private double[] milliseconds = new double[256];
  private int size;

  public void add(Duration call) {
    if (size == milliseconds.length) {
      milliseconds = Arrays.copyOf(milliseconds, size * 2);
    }
    milliseconds[size++] = call.toNanos() / NANOS_A_MILLISECOND;
  }

  /** All 0 when there was no call. */
  public LatencyStatistics statistics() {
    double[] sorted = Arrays.copyOf(milliseconds, size);
    Arrays.sort(sorted);
    return new LatencyStatistics(
        Arrays.stream(sorted).average().orElse(0),
        percentile(sorted, 50),
        percentile(sorted, 95),
        percentile(sorted, 99));
  }

  /** Nearest rank: the smallest value that {@code percent} of all do not exceed. */
  private static double percentile(double[] sorted, int percent) {
    if (sorted.length == 0) {
      return 0;
    }
    long rank = Math.ceilDiv((long) sorted.length * percent, 100L);
    return sorted[(int) rank - 1];
  }
}
