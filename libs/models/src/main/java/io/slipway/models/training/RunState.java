package io.slipway.models.training;

/**
 * Where a run stands, and what it is a run of.
 *
 * @param step steps taken
 * @param rows number of rows that it trains on
 */
record RunState(int step, int totalSteps, int rows, TrainingSettings settings) {

  /** A run may only be continued by one that would have come to the same place. */
  boolean continues(RunState saved) {
    return totalSteps == saved.totalSteps
        && rows == saved.rows
        && settings.equals(saved.settings)
        && saved.step >= 0
        && saved.step <= totalSteps;
  }
}
