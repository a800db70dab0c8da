package io.slipway.trainer.run;

import io.slipway.models.training.EarlyStopping;
import org.jspecify.annotations.Nullable;

/**
 * What a run's validations have shown so far.
 *
 * @param best null before the first one
 * @param stopping null when the run goes on to its last step
 */
record Standing(@Nullable BestModel best, @Nullable EarlyStopping stopping) {

  /** Of a run that begins. */
  static Standing fresh(RunSettings settings) {
    return new Standing(
        null,
        settings
            .stopping()
            .map(
                rule ->
                    EarlyStopping.of(
                        rule.patience(), rule.threshold(), settings.metric().higherIsBetter()))
            .orElse(null));
  }

  /** Whether it is of no use to go on. */
  boolean exhausted() {
    return stopping != null && stopping.exhausted();
  }
}
