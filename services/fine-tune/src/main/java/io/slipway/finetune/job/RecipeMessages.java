package io.slipway.finetune.job;

import io.slipway.finetune.v1.Hyperparameters;
import io.slipway.kit.errors.SlipwayException;

/** Recipes as the API shows them: what is zero or absent there means the default. */
final class RecipeMessages {

  private RecipeMessages() {}

  /**
   * @param modelLimit tokens that the model can take
   * @throws SlipwayException INVALID_ARGUMENT for a value that is out of range
   */
  static Recipe recipe(Hyperparameters asked, int modelLimit) {
    return new Recipe(
            asked.getEpochs() == 0 ? Recipe.EPOCHS : asked.getEpochs(),
            asked.getBatchSize() == 0 ? Recipe.BATCH_SIZE : asked.getBatchSize(),
            asked.getLearningRate() == 0 ? Recipe.LEARNING_RATE : asked.getLearningRate(),
            asked.hasWeightDecay() ? asked.getWeightDecay() : Recipe.WEIGHT_DECAY,
            asked.hasWarmupRatio() ? asked.getWarmupRatio() : Recipe.WARMUP_RATIO,
            asked.getMaxGradientNorm() == 0 ? Recipe.MAX_GRADIENT_NORM : asked.getMaxGradientNorm(),
            asked.getMaxLength() == 0
                ? Math.min(Recipe.MAX_LENGTH, modelLimit)
                : asked.getMaxLength(),
            asked.getSeed(),
            asked.getValidationSteps())
        .forModel(modelLimit);
  }

  static Hyperparameters message(Recipe recipe) {
    return Hyperparameters.newBuilder()
        .setEpochs(recipe.epochs())
        .setBatchSize(recipe.batchSize())
        .setLearningRate(recipe.learningRate())
        .setWeightDecay(recipe.weightDecay())
        .setWarmupRatio(recipe.warmupRatio())
        .setMaxGradientNorm(recipe.maxGradientNorm())
        .setMaxLength(recipe.maxLength())
        .setSeed(recipe.seed())
        .setValidationSteps(recipe.validationSteps())
        .build();
  }
}
