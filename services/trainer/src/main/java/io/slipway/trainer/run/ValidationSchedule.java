package io.slipway.trainer.run;

/**
 * After which steps the model is validated.
 *
 * @param every steps between validations; 0 for the end of each epoch
 */
record ValidationSchedule(int every, int stepsPerEpoch, int totalSteps) {

  /**
   * @param step steps taken; the last one is always validated
   */
  boolean isDue(int step) {
    return step == totalSteps || step % (every == 0 ? stepsPerEpoch : every) == 0;
  }
}
