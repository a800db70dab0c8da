package io.slipway.models.training.settings;

import io.slipway.models.runtime.Precision;

/**
 * How to train, whatever the task.
 *
 * @param epochs passes over the examples
 * @param batchSize examples of an update
 * @param microBatchSize examples at most that run at once, to bound memory: the gradients of a
 *     batch are then added up part by part, and the loss is still its mean; 0 for all
 * @param learningRate peak of the schedule
 * @param schedule how the rate changes over the steps
 * @param warmupSteps steps over which the rate rises from zero
 * @param warmupRatio the same as a part of all steps; counts when {@code warmupSteps} is 0
 * @param weightDecay pull of AdamW towards zero
 * @param decayEverything whether biases and normalisations decay too; the reference's trainer
 *     leaves them out
 * @param beta1 AdamW's decay of the mean of gradients
 * @param beta2 AdamW's decay of the mean of squared gradients
 * @param epsilon AdamW's guard against division by zero
 * @param maxGradientNorm gradients are scaled down to this global norm; 0 for no limit
 * @param labelSmoothing part of each target that is spread evenly over all classes
 * @param precision of matrix products; weights stay in single precision
 * @param gradientCheckpointing whether blocks run again in the backward pass instead of keeping
 *     what they computed: less memory, about a third more time, the same losses bit for bit
 * @param shuffle whether each epoch has an order of its own
 * @param seed of fresh weights, shuffling and dropout
 */
public record TrainingSettings(
    int epochs,
    int batchSize,
    int microBatchSize,
    double learningRate,
    Schedule schedule,
    int warmupSteps,
    double warmupRatio,
    double weightDecay,
    boolean decayEverything,
    double beta1,
    double beta2,
    double epsilon,
    double maxGradientNorm,
    double labelSmoothing,
    Precision precision,
    boolean gradientCheckpointing,
    boolean shuffle,
    long seed) {

  public TrainingSettings {
    require(epochs >= 1, "epochs", epochs, "at least 1");
    require(batchSize >= 1, "batchSize", batchSize, "at least 1");
    require(
        microBatchSize >= 0, "microBatchSize", microBatchSize, "0 for the whole batch, or more");
    require(learningRate > 0 && learningRate < 1, "learningRate", learningRate, "between 0 and 1");
    require(warmupSteps >= 0, "warmupSteps", warmupSteps, "0 or more");
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
    require(
        labelSmoothing >= 0 && labelSmoothing < 1,
        "labelSmoothing",
        labelSmoothing,
        "0 or more, below 1");
  }

  private static void require(boolean holds, String name, Number value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException("%s is %s, expected %s".formatted(name, value, expected));
    }
  }

  /** What serves most fine-tuning of encoders; change what you need with {@link #with()}. */
  public static TrainingSettings defaults() {
    return new TrainingSettingsChange().settings();
  }

  /** A copy to change. */
  public TrainingSettingsChange with() {
    return new TrainingSettingsChange(this);
  }

  /** Examples that run at once. */
  public int microBatch() {
    return microBatchSize == 0 ? batchSize : microBatchSize;
  }

  /** Steps over which the rate rises, of so many. */
  public int warmup(int totalSteps) {
    return warmupSteps > 0 ? warmupSteps : (int) Math.ceil(totalSteps * warmupRatio);
  }
}
