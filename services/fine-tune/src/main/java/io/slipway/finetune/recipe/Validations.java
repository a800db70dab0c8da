package io.slipway.finetune.recipe;

import static io.slipway.finetune.recipe.Hyperparameter.require;

import java.util.Optional;

/**
 * When the model is measured, and what for.
 *
 * @param steps between validations; 0 for once an epoch
 * @param metric that the result is chosen by
 * @param patience when the run ends early; empty for never
 */
record Validations(int steps, String metric, Optional<Patience> patience) {

  /**
   * How long a run goes on without getting better.
   *
   * @param validations in a row
   * @param threshold by how much the metric has to get better
   */
  record Patience(int validations, double threshold) {

    static final int VALIDATIONS = 1;

    Patience {
      require("early_stopping.patience", validations, validations >= 1, "1 or more");
      require(
          "early_stopping.threshold",
          threshold,
          threshold >= 0 && Double.isFinite(threshold),
          "0 or more");
    }
  }

  Validations {
    require("validation_steps", steps, steps >= 0, "0 or more");
  }
}
