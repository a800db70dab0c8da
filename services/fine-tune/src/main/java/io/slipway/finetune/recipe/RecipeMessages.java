package io.slipway.finetune.recipe;

import static io.slipway.finetune.recipe.Hyperparameter.requireOneOf;

import io.slipway.finetune.recipe.Validations.Patience;
import io.slipway.finetune.task.TaskSetting;
import io.slipway.finetune.task.TunedTask;
import io.slipway.finetune.v1.EarlyStopping;
import io.slipway.finetune.v1.Hyperparameters;
import io.slipway.kit.errors.SlipwayException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Recipes as the API shows them: what is zero or absent there means the default. */
public final class RecipeMessages {

  private RecipeMessages() {}

  /**
   * @param asked which has nothing that the task does not have
   * @param modelLimit tokens that the model can take; empty for any number
   * @throws SlipwayException INVALID_ARGUMENT for a value that is out of range
   */
  public static Recipe recipe(Hyperparameters asked, TunedTask task, OptionalInt modelLimit) {
    return new Recipe(
            batches(asked, task.batchSize()),
            learningRate(asked),
            adamW(asked),
            asked.getLabelSmoothing(),
            validations(asked, task.metrics(asked.getPredictWithGenerate())),
            texts(asked, task, modelLimit.orElse(Integer.MAX_VALUE)),
            asked.getSeed())
        .forModel(modelLimit);
  }

  private static Texts texts(Hyperparameters asked, TunedTask task, int modelLimit) {
    int maxLength = orDefault(asked.getMaxLength(), Math.min(task.maxLength(), modelLimit));
    return new Texts(
        maxLength,
        task.has(TaskSetting.MAX_TARGET_LENGTH)
            ? orDefault(asked.getMaxTargetLength(), Math.min(Texts.MAX_TARGET_LENGTH, modelLimit))
            : 0,
        asked.getSourcePrefix(),
        asked.getPredictWithGenerate(),
        task.has(TaskSetting.DOC_STRIDE)
            ? orDefault(asked.getDocStride(), Texts.strideFor(maxLength))
            : 0,
        task.has(TaskSetting.MAX_ANSWER_LENGTH)
            ? orDefault(asked.getMaxAnswerLength(), Texts.MAX_ANSWER_LENGTH)
            : 0,
        asked.getPacking());
  }

  private static Batches batches(Hyperparameters asked, int defaultSize) {
    int batchSize = orDefault(asked.getBatchSize(), defaultSize);
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

  private static Validations validations(Hyperparameters asked, List<String> metrics) {
    String metric = orDefault(asked.getMetricForBestModel(), metrics.getFirst());
    requireOneOf("metric_for_best_model", metric, metrics);
    Optional<Patience> patience = Optional.empty();
    if (asked.hasEarlyStopping()) {
      EarlyStopping stopping = asked.getEarlyStopping();
      patience =
          Optional.of(
              new Patience(
                  orDefault(stopping.getPatience(), Patience.VALIDATIONS),
                  stopping.getThreshold()));
    }
    return new Validations(asked.getValidationSteps(), metric, patience);
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
            .setMaxLength(recipe.texts().maxLength())
            .setMaxTargetLength(recipe.texts().maxTargetLength())
            .setPredictWithGenerate(recipe.texts().predictWithGenerate())
            .setDocStride(recipe.texts().docStride())
            .setMaxAnswerLength(recipe.texts().maxAnswerLength())
            .setPacking(recipe.texts().packing())
            .setSeed(recipe.seed())
            .setValidationSteps(validations.steps())
            .setMetricForBestModel(validations.metric());
    if (recipe.texts().maxTargetLength() > 0) {
      message.setSourcePrefix(recipe.texts().sourcePrefix());
    }
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
