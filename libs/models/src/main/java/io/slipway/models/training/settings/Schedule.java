package io.slipway.models.training.settings;

/** How the learning rate changes, as the reference's schedules of the same names. */
public enum Schedule {
  /** Falls in a straight line to zero at the last step. */
  LINEAR,
  /** Falls along half a cosine to zero at the last step. */
  COSINE,
  /** Stays at its peak from the first step on; there is no warm-up. */
  CONSTANT,
  /** Stays at its peak after the warm-up. */
  CONSTANT_WITH_WARMUP;

  /**
   * Part of the peak rate for a step.
   *
   * @param step counted from 0
   * @param warmup steps over which the rate rises from zero
   * @param total steps of the whole run
   */
  public double factor(int step, int warmup, int total) {
    if (this == CONSTANT) {
      return 1;
    }
    if (step < warmup) {
      return (double) step / warmup;
    }
    double rest = Math.max(1, total - warmup);
    return switch (this) {
      case LINEAR -> Math.max(0, (total - step) / rest);
      case COSINE -> Math.max(0, 0.5 * (1 + Math.cos(Math.PI * (step - warmup) / rest)));
      case CONSTANT, CONSTANT_WITH_WARMUP -> 1;
    };
  }
}
