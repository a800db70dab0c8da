package io.slipway.finetune.job;

import io.slipway.kit.errors.SlipwayException;

/**
 * How a model is trained: every value given, in range, and fitting the model and the data.
 *
 * @param epochs passes over the train part
 * @param batchSize rows a step
 * @param learningRate peak of the schedule
 * @param weightDecay of AdamW
 * @param warmupRatio part of all steps over which the rate rises from zero
 * @param maxGradientNorm gradients are scaled down to this global norm
 * @param maxLength tokens a row
 * @param seed of initialisation, shuffling and dropout
 * @param validationSteps steps between validations; 0 for once an epoch
 */
record Recipe(
    int epochs,
    int batchSize,
    double learningRate,
    double weightDecay,
    double warmupRatio,
    double maxGradientNorm,
    int maxLength,
    long seed,
    int validationSteps) {

  static final int EPOCHS = 3;
  static final int BATCH_SIZE = 32;
  static final double LEARNING_RATE = 5e-5;
  static final double WEIGHT_DECAY = 0.01;
  static final double WARMUP_RATIO = 0.06;
  static final double MAX_GRADIENT_NORM = 1.0;
  static final int MAX_LENGTH = 128;

  /** A row has at least the tokens that open and close it, and one of its own. */
  private static final int SHORTEST_LENGTH = 3;

  private static final int MOST_EPOCHS = 1_000;
  private static final int LARGEST_BATCH = 4_096;
  private static final long MOST_STEPS = 10_000_000;
  private static final long MOST_VALIDATIONS = 1_000;

  /**
   * @throws SlipwayException INVALID_ARGUMENT for a value that is out of range
   */
  Recipe {
    require("epochs", epochs, epochs >= 1 && epochs <= MOST_EPOCHS, "1 to " + MOST_EPOCHS);
    require(
        "batch_size",
        batchSize,
        batchSize >= 1 && batchSize <= LARGEST_BATCH,
        "1 to " + LARGEST_BATCH);
    require("learning_rate", learningRate, learningRate > 0 && learningRate < 1, "between 0 and 1");
    require("weight_decay", weightDecay, weightDecay >= 0 && weightDecay < 1, "0 or more, below 1");
    require("warmup_ratio", warmupRatio, warmupRatio >= 0 && warmupRatio <= 1, "0 to 1");
    require(
        "max_gradient_norm",
        maxGradientNorm,
        maxGradientNorm > 0 && Double.isFinite(maxGradientNorm),
        "a finite number above 0");
    require(
        "max_length", maxLength, maxLength >= SHORTEST_LENGTH, SHORTEST_LENGTH + " or more tokens");
    require("validation_steps", validationSteps, validationSteps >= 0, "0 or more");
  }

  /**
   * @param modelLimit tokens that the model can take
   * @throws SlipwayException INVALID_ARGUMENT when rows are to be longer
   */
  Recipe forModel(int modelLimit) {
    require("max_length", maxLength, maxLength <= modelLimit, "at most the model's " + modelLimit);
    return this;
  }

  /**
   * @param trainRows rows of the train part
   * @throws SlipwayException INVALID_ARGUMENT when the run would have too many steps or validations
   */
  Recipe forRows(long trainRows) {
    long steps = totalSteps(trainRows);
    require(
        "epochs", epochs, steps <= MOST_STEPS, "at most " + MOST_STEPS + " steps, not " + steps);
    if (validationSteps > 0) {
      require(
          "validation_steps",
          validationSteps,
          steps / validationSteps <= MOST_VALIDATIONS,
          "at most " + MOST_VALIDATIONS + " validations in " + steps + " steps");
    }
    return this;
  }

  /** Steps of the whole run; the last one of an epoch may have fewer rows. */
  long totalSteps(long trainRows) {
    return Math.ceilDiv(trainRows, (long) batchSize) * epochs;
  }

  private static void require(String name, Number value, boolean holds, String expected) {
    if (!holds) {
      throw SlipwayException.invalid(
          "hyperparameters." + name + " is " + value + "; expected " + expected + ".");
    }
  }
}
