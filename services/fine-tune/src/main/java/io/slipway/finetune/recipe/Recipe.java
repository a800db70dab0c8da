package io.slipway.finetune.recipe;

import static io.slipway.finetune.recipe.Hyperparameter.require;

import io.slipway.kit.errors.SlipwayException;
import java.util.OptionalInt;

/**
 * How a model is trained: every value given, in range, and fitting the model and the data.
 *
 * @param labelSmoothing part of each target that is spread evenly over all labels or tokens
 * @param seed of initialisation, shuffling and dropout
 */
public record Recipe(
    Batches batches,
    LearningRate learningRate,
    AdamW adamW,
    double labelSmoothing,
    Validations validations,
    Texts texts,
    long seed) {

  private static final long MOST_STEPS = 10_000_000;
  private static final long MOST_VALIDATIONS = 1_000;

  /**
   * @throws SlipwayException INVALID_ARGUMENT for a value that is out of range
   */
  public Recipe {
    require(
        "label_smoothing",
        labelSmoothing,
        labelSmoothing >= 0 && labelSmoothing < 1,
        "0 or more, below 1");
  }

  /**
   * @param modelLimit tokens that the model can take; empty for any number
   * @throws SlipwayException INVALID_ARGUMENT when rows or targets are to be longer
   */
  Recipe forModel(OptionalInt modelLimit) {
    modelLimit.ifPresent(
        limit -> {
          String expected = "at most the model's " + limit;
          require("max_length", texts.maxLength(), texts.maxLength() <= limit, expected);
          require(
              "max_target_length",
              texts.maxTargetLength(),
              texts.maxTargetLength() <= limit,
              expected);
        });
    return this;
  }

  /**
   * @param trainRows rows of the train part
   * @param validationRows rows of the validation part
   * @throws SlipwayException INVALID_ARGUMENT when the run would have too many steps or
   *     validations, or none to stop early by
   */
  public Recipe forRows(long trainRows, long validationRows) {
    long steps = batches.totalSteps(trainRows);
    require(
        "epochs",
        batches.epochs(),
        steps <= MOST_STEPS,
        "at most " + MOST_STEPS + " steps, not " + steps);
    require(
        "warmup_steps",
        learningRate.warmupSteps(),
        learningRate.warmupSteps() <= steps,
        "at most the run's " + steps + " steps");
    if (validations.steps() > 0) {
      require(
          "validation_steps",
          validations.steps(),
          steps / validations.steps() <= MOST_VALIDATIONS,
          "at most " + MOST_VALIDATIONS + " validations in " + steps + " steps");
    }
    validations
        .patience()
        .ifPresent(
            patience ->
                require(
                    "early_stopping.patience",
                    patience.validations(),
                    validationRows > 0,
                    "no early stopping where split.validation_fraction is 0"));
    return this;
  }
}
