package io.slipway.trainer.run;

import java.time.Duration;
import java.time.Instant;

/** Averages what happened since it was last read. */
final class ProgressMeter {

  private Instant since;
  private double lossSum;
  private int steps;
  private long rows;

  ProgressMeter(Instant start) {
    this.since = start;
  }

  /**
   * @param loss mean over the steps; 0 when there were none
   */
  record Reading(double loss, double rowsPerSecond) {}

  void add(double loss, int rowsOfStep) {
    lossSum += loss;
    steps++;
    rows += rowsOfStep;
  }

  boolean isDue(Instant now, Duration interval) {
    return !now.isBefore(since.plus(interval));
  }

  /** Begins anew. */
  Reading read(Instant now) {
    double seconds = Math.max(1e-9, Duration.between(since, now).toNanos() / 1e9);
    Reading reading = new Reading(steps == 0 ? 0 : lossSum / steps, rows / seconds);
    since = now;
    lossSum = 0;
    steps = 0;
    rows = 0;
    return reading;
  }
}
