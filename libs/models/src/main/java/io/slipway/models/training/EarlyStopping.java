package io.slipway.models.training;

import java.util.OptionalDouble;

/**
 * Whether a run still gets better, judged by one metric at each validation, by the rule of the
 * reference's {@code EarlyStoppingCallback}. Immutable, so that it can be kept with a checkpoint.
 *
 * @param patience validations without improvement after which the run should end
 * @param threshold by how much the best value has to be surpassed to count as an improvement
 * @param higherIsBetter false for losses
 * @param best value so far
 * @param failures validations since the last improvement
 */
public record EarlyStopping(
    int patience, double threshold, boolean higherIsBetter, OptionalDouble best, int failures) {

  public EarlyStopping {
    if (patience < 1) {
      throw new IllegalArgumentException("patience is " + patience + ", expected at least 1");
    }
    if (!(threshold >= 0)) {
      throw new IllegalArgumentException("threshold is " + threshold + ", expected at least 0");
    }
  }

  /** Nothing was measured yet. */
  public static EarlyStopping of(int patience, double threshold, boolean higherIsBetter) {
    return new EarlyStopping(patience, threshold, higherIsBetter, OptionalDouble.empty(), 0);
  }

  /** After another validation. */
  public EarlyStopping after(double value) {
    boolean better = best.isEmpty() || isBetter(value, best.getAsDouble());
    boolean improved =
        best.isEmpty() || (better && Math.abs(value - best.getAsDouble()) > threshold);
    return new EarlyStopping(
        patience,
        threshold,
        higherIsBetter,
        better ? OptionalDouble.of(value) : best,
        improved ? 0 : failures + 1);
  }

  private boolean isBetter(double value, double than) {
    return higherIsBetter ? value > than : value < than;
  }

  /** Whether the run should end. */
  public boolean exhausted() {
    return failures >= patience;
  }
}
