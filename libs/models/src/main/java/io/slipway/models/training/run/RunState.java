package io.slipway.models.training.run;

import io.slipway.models.training.settings.TrainingSettings;

/**
 * Where a run stands, and what it is a run of.
 *
 * @param step steps taken
 * @param examples number of examples that it trains on
 * @param goal what for
 */
record RunState(int step, int totalSteps, int examples, String goal, TrainingSettings settings) {

  /** A run may only be continued by one that would have come to the same place. */
  boolean continues(RunState saved) {
    return totalSteps == saved.totalSteps
        && examples == saved.examples
        && goal.equals(saved.goal)
        && settings.equals(saved.settings)
        && saved.step >= 0
        && saved.step <= totalSteps;
  }
}
