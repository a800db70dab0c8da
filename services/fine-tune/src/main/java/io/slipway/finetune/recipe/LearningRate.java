package io.slipway.finetune.recipe;

import static io.slipway.finetune.recipe.Hyperparameter.require;
import static io.slipway.finetune.recipe.Hyperparameter.requireOneOf;

import java.util.List;

/**
 * How the learning rate changes over the steps.
 *
 * @param peak highest rate
 * @param scheduler what it does after the warm-up
 * @param warmupSteps steps over which it rises from zero; 0 for the ratio
 * @param warmupRatio the same as a part of all steps
 */
record LearningRate(double peak, String scheduler, int warmupSteps, double warmupRatio) {

  static final double PEAK = 5e-5;

  /** Fresh low-rank changes have further to go than weights that were trained before. */
  static final double ADAPTER_PEAK = 2e-4;

  static final String LINEAR = "linear";
  static final double WARMUP_RATIO = 0.06;

  private static final List<String> SCHEDULERS =
      List.of(LINEAR, "cosine", "constant", "constant_with_warmup");

  LearningRate {
    require("learning_rate", peak, peak > 0 && peak < 1, "between 0 and 1");
    requireOneOf("lr_scheduler_type", scheduler, SCHEDULERS);
    require("warmup_steps", warmupSteps, warmupSteps >= 0, "0 or more");
    require("warmup_ratio", warmupRatio, warmupRatio >= 0 && warmupRatio <= 1, "0 to 1");
  }
}
