package io.slipway.finetune.recipe;

import static io.slipway.finetune.recipe.Hyperparameter.require;

/**
 * How weights follow their gradients.
 *
 * @param weightDecay pull towards zero
 * @param beta1 decay of the mean of gradients
 * @param beta2 decay of the mean of squared gradients
 * @param epsilon guard against division by zero
 * @param maxGradientNorm gradients are scaled down to this global norm
 */
record AdamW(
    double weightDecay, double beta1, double beta2, double epsilon, double maxGradientNorm) {

  static final double WEIGHT_DECAY = 0.01;
  static final double BETA1 = 0.9;
  static final double BETA2 = 0.999;
  static final double EPSILON = 1e-8;
  static final double MAX_GRADIENT_NORM = 1.0;

  AdamW {
    require("weight_decay", weightDecay, isPart(weightDecay), "0 or more, below 1");
    require("adam_beta1", beta1, isPart(beta1), "0 or more, below 1");
    require("adam_beta2", beta2, isPart(beta2), "0 or more, below 1");
    require(
        "adam_epsilon",
        epsilon,
        epsilon > 0 && Double.isFinite(epsilon),
        "a finite number above 0");
    require(
        "max_gradient_norm",
        maxGradientNorm,
        maxGradientNorm > 0 && Double.isFinite(maxGradientNorm),
        "a finite number above 0");
  }

  private static boolean isPart(double value) {
    return value >= 0 && value < 1;
  }
}
