package io.slipway.benchmarks.tuning;

import java.util.List;

/**
 * The losses of a training.
 *
 * @param losses of all steps
 */
record LossCurve(List<Double> losses) {

  /** Steps whose mean loss stands for a single one's, which depends much on its rows. */
  private static final int STEPS_OF_A_MEAN = 5;

  LossCurve {
    losses = List.copyOf(losses);
  }

  int steps() {
    return losses.size();
  }

  double first() {
    return mean(losses.subList(0, Math.min(STEPS_OF_A_MEAN, losses.size())));
  }

  double last() {
    return mean(losses.subList(Math.max(0, losses.size() - STEPS_OF_A_MEAN), losses.size()));
  }

  boolean falls() {
    return last() < first();
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
  }
}
