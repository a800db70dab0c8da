package io.slipway.finetune.recipe;

import io.slipway.finetune.recipe.Validations.Patience;
import io.slipway.finetune.v1.EarlyStopping;
import io.slipway.finetune.v1.Hyperparameters;
import io.slipway.kit.errors.SlipwayException;
import java.util.Optional;

/** Recipes as the API shows them: what is zero or absent there means the default. */
public final class RecipeMessages {

  private RecipeMessages() {}

  /**
   * @param modelLimit tokens that the model can take
   * @throws SlipwayException INVALID_ARGUMENT for a value that is out of range
   */
  public static Recipe recipe(Hyperparameters asked, int modelLimit) {
    return new Recipe(
            batches(asked),
            learningRate(asked),
            adamW(asked),
            asked.getLabelSmoothing(),
            validations(asked),
            orDefault(asked.getMaxLength(), Math.min(Recipe.MAX_LENGTH, modelLimit)),
            asked.getSeed())
        .forModel(modelLimit);
  }

  private static Batches batches(Hyperparameters asked) {
    int batchSize = orDefault(asked.getBatchSize(), Batches.BATCH_SIZE);
    return new Batches(
        orDefault(asked.getEpochs(), Batches.EPOCHS),
        batchSize,
        orDefault(asked.getMicroBatchSize(), batchSize),
        asked.getGradientCheckpointing(),
        orDefault(asked.getPrecision(), Batches.FP32));
  }

  private static LearningRate learningRate(Hyperparameters asked) {
    return new LearningRate(
        orDefault(
            asked.getLearningRate(),
            asked.hasLora() ? LearningRate.ADAPTER_PEAK : LearningRate.PEAK),
        orDefault(asked.getLrSchedulerType(), LearningRate.LINEAR),
        asked.getWarmupSteps(),
        asked.hasWarmupRatio() ? asked.getWarmupRatio() : LearningRate.WARMUP_RATIO);
  }

  private static AdamW adamW(Hyperparameters asked) {
    return new AdamW(
        asked.hasWeightDecay() ? asked.getWeightDecay() : AdamW.WEIGHT_DECAY,
        asked.hasAdamBeta1() ? asked.getAdamBeta1() : AdamW.BETA1,
        asked.hasAdamBeta2() ? asked.getAdamBeta2() : AdamW.BETA2,
        orDefault(asked.getAdamEpsilon(), AdamW.EPSILON),
        orDefault(asked.getMaxGradientNorm(), AdamW.MAX_GRADIENT_NORM));
  }

  private static Validations validations(Hyperparameters asked) {
    Optional<Patience> patience = Optional.empty();
    if (asked.hasEarlyStopping()) {
      EarlyStopping stopping = asked.getEarlyStopping();
      patience =
          Optional.of(
              new Patience(
                  orDefault(stopping.getPatience(), Patience.VALIDATIONS),
                  stopping.getThreshold()));
    }
    return new Validations(
        asked.getValidationSteps(),
        orDefault(asked.getMetricForBestModel(), Validations.MACRO_F1),
        patience);
  }

  private static int orDefault(int asked, int whenZero) {
    return asked == 0 ? whenZero : asked;
  }

  private static double orDefault(double asked, double whenZero) {
    return asked == 0 ? whenZero : asked;
  }

  private static String orDefault(String asked, String whenEmpty) {
    return asked.isEmpty() ? whenEmpty : asked;
  }

  /** What a recipe says; how an adapter is trained and labels are weighed is said beside it. */
  public static Hyperparameters message(Recipe recipe) {
    Batches batches = recipe.batches();
    LearningRate rate = recipe.learningRate();
    AdamW adamW = recipe.adamW();
    Validations validations = recipe.validations();
    Hyperparameters.Builder message =
        Hyperparameters.newBuilder()
            .setEpochs(batches.epochs())
            .setBatchSize(batches.batchSize())
            .setMicroBatchSize(batches.microBatchSize())
            .setGradientCheckpointing(batches.gradientCheckpointing())
            .setPrecision(batches.precision())
            .setLearningRate(rate.peak())
            .setLrSchedulerType(rate.scheduler())
            .setWarmupSteps(rate.warmupSteps())
            .setWarmupRatio(rate.warmupRatio())
            .setWeightDecay(adamW.weightDecay())
            .setAdamBeta1(adamW.beta1())
            .setAdamBeta2(adamW.beta2())
            .setAdamEpsilon(adamW.epsilon())
            .setMaxGradientNorm(adamW.maxGradientNorm())
            .setLabelSmoothing(recipe.labelSmoothing())
            .setMaxLength(recipe.maxLength())
            .setSeed(recipe.seed())
            .setValidationSteps(validations.steps())
            .setMetricForBestModel(validations.metric());
    validations
        .patience()
        .ifPresent(
            patience ->
                message.setEarlyStopping(
                    EarlyStopping.newBuilder()
                        .setPatience(patience.validations())
                        .setThreshold(patience.threshold())));
    return message.build();
  }
}
