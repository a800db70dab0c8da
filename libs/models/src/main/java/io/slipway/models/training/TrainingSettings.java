package io.slipway.models.training;

/**
 * How to train.
 *
 * @param epochs passes over the rows
 * @param batchSize rows a step
 * @param learningRate peak of the schedule
 * @param schedule how the rate changes over the steps
 * @param warmupRatio part of all steps over which the rate rises from zero
 * @param weightDecay pull of AdamW towards zero
 * @param decayEverything whether biases and normalisations decay too; the reference's trainer
 *     leaves them out
 * @param beta1 AdamW's decay of the mean of gradients
 * @param beta2 AdamW's decay of the mean of squared gradients
 * @param epsilon AdamW's guard against division by zero
 * @param maxGradientNorm gradients are scaled down to this global norm; 0 for no limit
 * @param shuffle whether each epoch has an order of its own
 * @param seed of fresh weights, shuffling and dropout
 */
public record TrainingSettings(
    int epochs,
    int batchSize,
    double learningRate,
    Schedule schedule,
    double warmupRatio,
    double weightDecay,
    boolean decayEverything,
    double beta1,
    double beta2,
    double epsilon,
    double maxGradientNorm,
    boolean shuffle,
    long seed) {

  public TrainingSettings {
    require(epochs >= 1, "epochs", epochs, "at least 1");
    require(batchSize >= 1, "batchSize", batchSize, "at least 1");
    require(learningRate > 0 && learningRate < 1, "learningRate", learningRate, "between 0 and 1");
    require(warmupRatio >= 0 && warmupRatio <= 1, "warmupRatio", warmupRatio, "0 to 1");
    require(weightDecay >= 0 && weightDecay < 1, "weightDecay", weightDecay, "0 or more, below 1");
    require(beta1 >= 0 && beta1 < 1, "beta1", beta1, "0 or more, below 1");
    require(beta2 >= 0 && beta2 < 1, "beta2", beta2, "0 or more, below 1");
    require(epsilon > 0, "epsilon", epsilon, "more than 0");
    require(
        maxGradientNorm >= 0 && Double.isFinite(maxGradientNorm),
        "maxGradientNorm",
        maxGradientNorm,
        "0 for no limit, or more");
  }

  private static void require(boolean holds, String name, Number value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException("%s is %s, expected %s".formatted(name, value, expected));
    }
  }

  /** What serves most fine-tuning of encoders; change what you need with {@link #with()}. */
  public static TrainingSettings defaults() {
    return new TrainingSettings(
        3, 32, 5e-5, Schedule.LINEAR, 0.06, 0.01, false, 0.9, 0.999, 1e-8, 1.0, true, 0);
  }

  /** A copy to change. */
  public TrainingSettingsChange with() {
    return new TrainingSettingsChange(this);
  }
}
