package io.slipway.models.training.settings;

import io.slipway.models.runtime.Precision;

/**
 * Settings under change; each method replaces one of them, as {@link TrainingSettings} names it.
 */
public final class TrainingSettingsChange {

  private int epochs = 3;
  private int batchSize = 32;
  private int microBatchSize;
  private double learningRate = 5e-5;
  private Schedule schedule = Schedule.LINEAR;
  private int warmupSteps;
  private double warmupRatio = 0.06;
  private double weightDecay = 0.01;
  private boolean decayEverything;
  private double beta1 = 0.9;
  private double beta2 = 0.999;
  private double epsilon = 1e-8;
  private double maxGradientNorm = 1.0;
  private double labelSmoothing;
  private Precision precision = Precision.FLOAT32;
  private boolean gradientCheckpointing;
  private boolean shuffle = true;
  private long seed;

  /** What the library sets unless told otherwise. */
  TrainingSettingsChange() {}

  TrainingSettingsChange(TrainingSettings from) {
    epochs = from.epochs();
    batchSize = from.batchSize();
    microBatchSize = from.microBatchSize();
    learningRate = from.learningRate();
    schedule = from.schedule();
    warmupSteps = from.warmupSteps();
    warmupRatio = from.warmupRatio();
    weightDecay = from.weightDecay();
    decayEverything = from.decayEverything();
    beta1 = from.beta1();
    beta2 = from.beta2();
    epsilon = from.epsilon();
    maxGradientNorm = from.maxGradientNorm();
    labelSmoothing = from.labelSmoothing();
    precision = from.precision();
    gradientCheckpointing = from.gradientCheckpointing();
    shuffle = from.shuffle();
    seed = from.seed();
  }

  public TrainingSettingsChange epochs(int value) {
    epochs = value;
    return this;
  }

  public TrainingSettingsChange batchSize(int value) {
    batchSize = value;
    return this;
  }

  public TrainingSettingsChange microBatchSize(int value) {
    microBatchSize = value;
    return this;
  }

  public TrainingSettingsChange learningRate(double value) {
    learningRate = value;
    return this;
  }

  public TrainingSettingsChange schedule(Schedule value) {
    schedule = value;
    return this;
  }

  public TrainingSettingsChange warmupSteps(int value) {
    warmupSteps = value;
    return this;
  }

  public TrainingSettingsChange warmupRatio(double value) {
    warmupRatio = value;
    return this;
  }

  public TrainingSettingsChange weightDecay(double value) {
    weightDecay = value;
    return this;
  }

  public TrainingSettingsChange decayEverything(boolean value) {
    decayEverything = value;
    return this;
  }

  public TrainingSettingsChange beta1(double value) {
    beta1 = value;
    return this;
  }

  public TrainingSettingsChange beta2(double value) {
    beta2 = value;
    return this;
  }

  public TrainingSettingsChange epsilon(double value) {
    epsilon = value;
    return this;
  }

  public TrainingSettingsChange maxGradientNorm(double value) {
    maxGradientNorm = value;
    return this;
  }

  public TrainingSettingsChange labelSmoothing(double value) {
    labelSmoothing = value;
    return this;
  }

  public TrainingSettingsChange precision(Precision value) {
    precision = value;
    return this;
  }

  public TrainingSettingsChange gradientCheckpointing(boolean value) {
    gradientCheckpointing = value;
    return this;
  }

  public TrainingSettingsChange shuffle(boolean value) {
    shuffle = value;
    return this;
  }

  public TrainingSettingsChange seed(long value) {
    seed = value;
    return this;
  }

  /**
   * The settings as they are now.
   *
   * @throws IllegalArgumentException naming one that is out of its range
   */
  public TrainingSettings settings() {
    return new TrainingSettings(
        epochs,
        batchSize,
        microBatchSize,
        learningRate,
        schedule,
        warmupSteps,
        warmupRatio,
        weightDecay,
        decayEverything,
        beta1,
        beta2,
        epsilon,
        maxGradientNorm,
        labelSmoothing,
        precision,
        gradientCheckpointing,
        shuffle,
        seed);
  }
}
