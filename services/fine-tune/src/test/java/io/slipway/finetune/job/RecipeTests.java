package io.slipway.finetune.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.finetune.v1.Hyperparameters;
import io.slipway.kit.errors.SlipwayException;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RecipeTests {

  private static final int MODEL_LIMIT = 512;

  @Test
  void fillsInTheDefaultsThatTheApiPromises() {
    Recipe recipe = RecipeMessages.recipe(Hyperparameters.getDefaultInstance(), MODEL_LIMIT);

    assertThat(recipe).isEqualTo(new Recipe(3, 32, 5e-5, 0.01, 0.06, 1.0, 128, 0, 0));
  }

  @Test
  void takesAnExplicitZeroForWhatMayBeZero() {
    Recipe recipe =
        RecipeMessages.recipe(
            Hyperparameters.newBuilder().setWeightDecay(0).setWarmupRatio(0).build(), MODEL_LIMIT);

    assertThat(recipe.weightDecay()).isZero();
    assertThat(recipe.warmupRatio()).isZero();
  }

  @Test
  void cutsTheDefaultLengthToWhatTheModelTakes() {
    assertThat(RecipeMessages.recipe(Hyperparameters.getDefaultInstance(), 64).maxLength())
        .isEqualTo(64);
  }

  @Test
  void refusesRowsThatTheModelCannotTake() {
    assertThatThrownBy(
            () -> RecipeMessages.recipe(Hyperparameters.newBuilder().setMaxLength(65).build(), 64))
        .isInstanceOf(SlipwayException.class)
        .hasMessage("hyperparameters.max_length is 65; expected at most the model's 64.");
  }

  @Test
  void survivesBeingWrittenAndRead() {
    Recipe recipe = new Recipe(7, 16, 1e-3, 0.1, 0.2, 0.5, 60, 42, 25);

    assertThat(RecipeMessages.recipe(RecipeMessages.message(recipe), MODEL_LIMIT))
        .isEqualTo(recipe);
  }

  @ParameterizedTest
  @MethodSource("outOfRange")
  void namesTheValueThatIsOutOfRange(String name, UnaryOperator<Hyperparameters.Builder> change) {
    Hyperparameters asked = change.apply(Hyperparameters.newBuilder()).build();

    assertThatThrownBy(() -> RecipeMessages.recipe(asked, MODEL_LIMIT))
        .isInstanceOf(SlipwayException.class)
        .hasMessageStartingWith("hyperparameters." + name + " is ");
  }

  static Stream<Arguments> outOfRange() {
    return Stream.of(
        wrong("epochs", h -> h.setEpochs(-1)),
        wrong("epochs", h -> h.setEpochs(1_001)),
        wrong("batch_size", h -> h.setBatchSize(-1)),
        wrong("batch_size", h -> h.setBatchSize(5_000)),
        wrong("learning_rate", h -> h.setLearningRate(-1e-5)),
        wrong("learning_rate", h -> h.setLearningRate(1)),
        wrong("learning_rate", h -> h.setLearningRate(Double.NaN)),
        wrong("weight_decay", h -> h.setWeightDecay(-0.1)),
        wrong("weight_decay", h -> h.setWeightDecay(1)),
        wrong("warmup_ratio", h -> h.setWarmupRatio(1.1)),
        wrong("max_gradient_norm", h -> h.setMaxGradientNorm(-1)),
        wrong("max_gradient_norm", h -> h.setMaxGradientNorm(Double.POSITIVE_INFINITY)),
        wrong("max_length", h -> h.setMaxLength(2)),
        wrong("validation_steps", h -> h.setValidationSteps(-5)));
  }

  private static Arguments wrong(String name, UnaryOperator<Hyperparameters.Builder> change) {
    return Arguments.of(name, change);
  }

  @Test
  void countsTheStepsOfAnEpochWhoseLastBatchIsSmall() {
    Recipe recipe = new Recipe(3, 32, 5e-5, 0, 0, 1, 64, 0, 0);

    assertThat(recipe.totalSteps(32)).isEqualTo(3);
    assertThat(recipe.totalSteps(33)).isEqualTo(6);
  }

  @Test
  void refusesMoreValidationsThanAJobCanShow() {
    Recipe recipe = new Recipe(100, 1, 5e-5, 0, 0, 1, 64, 0, 1);

    assertThat(recipe.forRows(10)).isSameAs(recipe);
    assertThatThrownBy(() -> recipe.forRows(11))
        .hasMessageContaining("validation_steps is 1")
        .hasMessageContaining("1100 steps");
  }

  @Test
  void refusesARunWithoutEnd() {
    Recipe recipe = new Recipe(1_000, 1, 5e-5, 0, 0, 1, 64, 0, 0);

    assertThatThrownBy(() -> recipe.forRows(20_000)).hasMessageContaining("20000000");
  }
}
