package io.slipway.trainer.run;

import io.slipway.finetune.v1.Hyperparameters;
import io.slipway.finetune.v1.TrainingPlan;
import io.slipway.modelfiles.adapter.AdapterConfig;
import io.slipway.models.runtime.Precision;
import io.slipway.models.training.settings.LoraSettings;
import io.slipway.models.training.settings.Schedule;
import io.slipway.models.training.settings.TrainingSettings;
import java.util.Locale;
import java.util.Optional;

/**
 * How a run trains, as the plan says.
 *
 * @param lora the adapter to train; empty for the whole model
 * @param validationSteps steps between validations; 0 for once an epoch
 * @param metric what the result is chosen by
 * @param stopping empty when the run goes on to its last step
 */
record RunSettings(
    TrainingSettings training,
    Optional<LoraSettings> lora,
    int validationSteps,
    BestMetric metric,
    Optional<Stopping> stopping) {

  /**
   * When a run ends early.
   *
   * @param patience validations without improvement
   * @param threshold by how much the metric has to get better
   */
  record Stopping(int patience, double threshold) {}

  static RunSettings of(TrainingPlan plan) {
    Hyperparameters planned = plan.getHyperparameters();
    Optional<LoraSettings> lora =
        plan.getAdapterConfig().isEmpty()
            ? Optional.empty()
            : Optional.of(
                new LoraSettings(AdapterConfig.parse(plan.getAdapterConfig()), Optional.empty()));
    Optional<Stopping> stopping =
        planned.hasEarlyStopping()
            ? Optional.of(
                new Stopping(
                    planned.getEarlyStopping().getPatience(),
                    planned.getEarlyStopping().getThreshold()))
            : Optional.empty();
    return new RunSettings(
        training(planned),
        lora,
        planned.getValidationSteps(),
        BestMetric.named(planned.getMetricForBestModel()),
        stopping);
  }

  /** A plan that was accepted before a setting existed does not have it: its default holds then. */
  private static TrainingSettings training(Hyperparameters planned) {
    TrainingSettings defaults = TrainingSettings.defaults();
    return defaults
        .with()
        .epochs(planned.getEpochs())
        .batchSize(planned.getBatchSize())
        .microBatchSize(planned.getMicroBatchSize())
        .gradientCheckpointing(planned.getGradientCheckpointing())
        .precision(precision(planned.getPrecision()))
        .learningRate(planned.getLearningRate())
        .schedule(schedule(planned.getLrSchedulerType()))
        .warmupSteps(planned.getWarmupSteps())
        .warmupRatio(planned.getWarmupRatio())
        .weightDecay(planned.getWeightDecay())
        .beta1(planned.hasAdamBeta1() ? planned.getAdamBeta1() : defaults.beta1())
        .beta2(planned.hasAdamBeta2() ? planned.getAdamBeta2() : defaults.beta2())
        .epsilon(planned.getAdamEpsilon() > 0 ? planned.getAdamEpsilon() : defaults.epsilon())
        .maxGradientNorm(planned.getMaxGradientNorm())
        .labelSmoothing(planned.getLabelSmoothing())
        .seed(planned.getSeed())
        .settings();
  }

  private static Precision precision(String name) {
    return switch (name) {
      case "", "fp32" -> Precision.FLOAT32;
      case "bf16" -> Precision.BFLOAT16;
      default ->
          throw new IllegalArgumentException(
              "precision is \"" + name + "\", expected fp32 or bf16");
    };
  }

  private static Schedule schedule(String name) {
    return name.isEmpty() ? Schedule.LINEAR : Schedule.valueOf(name.toUpperCase(Locale.ROOT));
  }
}
