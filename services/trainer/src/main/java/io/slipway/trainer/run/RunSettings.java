package io.slipway.trainer.run;

import io.slipway.finetune.v1.Hyperparameters;
import io.slipway.models.training.TrainingSettings;

/**
 * How a run trains, as the plan says.
 *
 * @param maxLength tokens a row
 * @param validationSteps steps between validations; 0 for once an epoch
 */
record RunSettings(TrainingSettings training, int maxLength, int validationSteps) {

  static RunSettings of(Hyperparameters planned) {
    return new RunSettings(
        TrainingSettings.defaults()
            .with()
            .epochs(planned.getEpochs())
            .batchSize(planned.getBatchSize())
            .learningRate(planned.getLearningRate())
            .weightDecay(planned.getWeightDecay())
            .warmupRatio(planned.getWarmupRatio())
            .maxGradientNorm(planned.getMaxGradientNorm())
            .seed(planned.getSeed())
            .settings(),
        planned.getMaxLength(),
        planned.getValidationSteps());
  }
}
