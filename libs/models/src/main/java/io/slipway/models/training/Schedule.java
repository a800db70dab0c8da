package io.slipway.models.training;

/**
 * How the learning rate changes after its warm-up, as the reference's schedules of the same names.
 */
public enum Schedule {
  /** Falls in a straight line to zero at the last step. */
  LINEAR,
  /** Stays at its peak. */
  CONSTANT;

  /**
   * Part of the peak rate for a step.
   *
   * @param step counted from 0
   * @param warmup steps over which the rate rises from zero
   * @param total steps of the whole run
   */
  double factor(int step, int warmup, int total) {
    if (step < warmup) {
      return (double) step / warmup;
    }
    return switch (this) {
      case LINEAR -> Math.max(0.0, (double) (total - step) / Math.max(1, total - warmup));
      case CONSTANT -> 1.0;
    };
  }
}
