package io.slipway.models.training;

/** Settings under change; each method replaces one of them. */
public final class TrainingSettingsChange {

  private int epochs;
  private int batchSize;
  private double learningRate;
  private Schedule schedule;
  private double warmupRatio;
  private double weightDecay;
  private final boolean decayEverything;
  private final double beta1;
  private final double beta2;
  private final double epsilon;
  private double maxGradientNorm;
  private boolean shuffle;
  private long seed;

  TrainingSettingsChange(TrainingSettings from) {
    epochs = from.epochs();
    batchSize = from.batchSize();
    learningRate = from.learningRate();
    schedule = from.schedule();
    warmupRatio = from.warmupRatio();
    weightDecay = from.weightDecay();
    decayEverything = from.decayEverything();
    beta1 = from.beta1();
    beta2 = from.beta2();
    epsilon = from.epsilon();
    maxGradientNorm = from.maxGradientNorm();
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

  public TrainingSettingsChange learningRate(double value) {
    learningRate = value;
    return this;
  }

  public TrainingSettingsChange schedule(Schedule value) {
    schedule = value;
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

  public TrainingSettingsChange maxGradientNorm(double value) {
    maxGradientNorm = value;
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

  public TrainingSettings settings() {
    return new TrainingSettings(
        epochs,
        batchSize,
        learningRate,
        schedule,
        warmupRatio,
        weightDecay,
        decayEverything,
        beta1,
        beta2,
        epsilon,
        maxGradientNorm,
        shuffle,
        seed);
  }
}
