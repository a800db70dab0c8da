package io.slipway.finetune.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.finetune.task.TunedTask;
import io.slipway.finetune.v1.EarlyStopping;
import io.slipway.finetune.v1.Hyperparameters;
import io.slipway.finetune.v1.LoraConfig;
import io.slipway.kit.errors.SlipwayException;
import java.util.Optional;
import java.util.OptionalInt;
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
    Recipe recipe = recipe(Hyperparameters.getDefaultInstance(), MODEL_LIMIT);

    assertThat(recipe)
        .isEqualTo(
            new Recipe(
                new Batches(3, 32, 32, false, "fp32"),
                new LearningRate(5e-5, "linear", 0, 0.06),
                new AdamW(0.01, 0.9, 0.999, 1e-8, 1),
                0,
                new Validations(0, "macro_f1", Optional.empty()),
                Texts.read(128),
                0));
  }

  @Test
  void takesAnExplicitZeroForWhatMayBeZero() {
    Recipe recipe =
        recipe(
            Hyperparameters.newBuilder().setWeightDecay(0).setWarmupRatio(0).build(), MODEL_LIMIT);

    assertThat(recipe.adamW().weightDecay()).isZero();
    assertThat(recipe.learningRate().warmupRatio()).isZero();
  }

  @Test
  void givesAdaptersAHigherRateUnlessOneIsAskedFor() {
    Hyperparameters adapter =
        Hyperparameters.newBuilder().setLora(LoraConfig.getDefaultInstance()).build();

    assertThat(recipe(adapter, MODEL_LIMIT).learningRate().peak()).isEqualTo(2e-4);
    assertThat(
            recipe(adapter.toBuilder().setLearningRate(1e-3).build(), MODEL_LIMIT)
                .learningRate()
                .peak())
        .isEqualTo(1e-3);
  }

  @Test
  void cutsTheDefaultLengthToWhatTheModelTakes() {
    assertThat(recipe(Hyperparameters.getDefaultInstance(), 64).texts().maxLength()).isEqualTo(64);
  }

  @Test
  void refusesRowsThatTheModelCannotTake() {
    assertThatThrownBy(() -> recipe(Hyperparameters.newBuilder().setMaxLength(65).build(), 64))
        .isInstanceOf(SlipwayException.class)
        .hasMessage("hyperparameters.max_length is 65; expected at most the model's 64.");
  }

  @Test
  void survivesBeingWrittenAndRead() {
    Recipe recipe =
        new Recipe(
            new Batches(7, 16, 4, true, "bf16"),
            new LearningRate(1e-3, "cosine", 30, 0.2),
            new AdamW(0.1, 0.8, 0.99, 1e-6, 0.5),
            0.1,
            new Validations(25, "loss", Optional.of(new Validations.Patience(4, 0.01))),
            Texts.read(60),
            42);

    assertThat(recipe(RecipeMessages.message(recipe), MODEL_LIMIT)).isEqualTo(recipe);
  }

  @ParameterizedTest
  @MethodSource("outOfRange")
  void namesTheValueThatIsOutOfRange(String name, UnaryOperator<Hyperparameters.Builder> change) {
    Hyperparameters asked = change.apply(Hyperparameters.newBuilder()).build();

    assertThatThrownBy(() -> recipe(asked, MODEL_LIMIT))
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
        wrong("micro_batch_size", h -> h.setMicroBatchSize(-1)),
        wrong("micro_batch_size", h -> h.setBatchSize(8).setMicroBatchSize(9)),
        wrong("lr_scheduler_type", h -> h.setLrSchedulerType("polynomial")),
        wrong("warmup_steps", h -> h.setWarmupSteps(-1)),
        wrong("precision", h -> h.setPrecision("fp16")),
        wrong("label_smoothing", h -> h.setLabelSmoothing(1)),
        wrong("label_smoothing", h -> h.setLabelSmoothing(-0.1)),
        wrong("adam_beta1", h -> h.setAdamBeta1(1)),
        wrong("adam_beta2", h -> h.setAdamBeta2(-0.1)),
        wrong("adam_epsilon", h -> h.setAdamEpsilon(-1e-8)),
        wrong("metric_for_best_model", h -> h.setMetricForBestModel("f1")),
        wrong("early_stopping.patience", h -> h.setEarlyStopping(stopping(-1, 0))),
        wrong("early_stopping.threshold", h -> h.setEarlyStopping(stopping(1, -0.1))),
        wrong("validation_steps", h -> h.setValidationSteps(-5)));
  }

  private static Arguments wrong(String name, UnaryOperator<Hyperparameters.Builder> change) {
    return Arguments.of(name, change);
  }

  private static EarlyStopping stopping(int patience, double threshold) {
    return EarlyStopping.newBuilder().setPatience(patience).setThreshold(threshold).build();
  }

  @Test
  void namesTheChoicesThatThereAre() {
    assertThatThrownBy(
            () -> recipe(Hyperparameters.newBuilder().setPrecision("fp16").build(), MODEL_LIMIT))
        .hasMessage("hyperparameters.precision is \"fp16\"; expected fp32, bf16.");
  }

  @Test
  void countsTheStepsOfAnEpochWhoseLastBatchIsSmall() {
    Batches batches = new Batches(3, 32, 32, false, "fp32");

    assertThat(batches.totalSteps(32)).isEqualTo(3);
    assertThat(batches.totalSteps(33)).isEqualTo(6);
  }

  @Test
  void refusesMoreValidationsThanAJobCanShow() {
    Recipe recipe = oneRowAStep(100, h -> h.setValidationSteps(1));

    assertThat(recipe.forRows(10, 1)).isSameAs(recipe);
    assertThatThrownBy(() -> recipe.forRows(11, 1))
        .hasMessageContaining("validation_steps is 1")
        .hasMessageContaining("1100 steps");
  }

  @Test
  void refusesARunWithoutEnd() {
    Recipe recipe = oneRowAStep(1_000, h -> h);

    assertThatThrownBy(() -> recipe.forRows(20_000, 1)).hasMessageContaining("20000000");
  }

  @Test
  void refusesAWarmUpThatIsLongerThanTheRun() {
    Recipe recipe = oneRowAStep(1, h -> h.setWarmupSteps(11));

    assertThatThrownBy(() -> recipe.forRows(10, 1))
        .hasMessageContaining("warmup_steps is 11")
        .hasMessageContaining("10 steps");
  }

  @Test
  void refusesToStopEarlyWithoutValidations() {
    Recipe recipe = oneRowAStep(1, h -> h.setEarlyStopping(stopping(2, 0)));

    assertThat(recipe.forRows(10, 1)).isSameAs(recipe);
    assertThatThrownBy(() -> recipe.forRows(10, 0))
        .hasMessageContaining("early_stopping")
        .hasMessageContaining("split.validation_fraction is 0");
  }

  @Test
  void windowsOverlapByAThirdWhereTheyAreShort() {
    Hyperparameters asked = Hyperparameters.getDefaultInstance();

    Recipe longWindows = recipe(asked, TunedTask.QUESTION_ANSWERING, OptionalInt.of(512));
    Recipe shortWindows = recipe(asked, TunedTask.QUESTION_ANSWERING, OptionalInt.of(60));

    assertThat(longWindows.texts()).isEqualTo(new Texts(384, 0, "", false, 128, 30, false));
    assertThat(shortWindows.texts()).isEqualTo(new Texts(60, 0, "", false, 20, 30, false));
    assertThatThrownBy(
            () ->
                recipe(
                    asked.toBuilder().setDocStride(64).setMaxLength(64).build(),
                    TunedTask.QUESTION_ANSWERING,
                    OptionalInt.of(512)))
        .hasMessageContaining("doc_stride is 64")
        .hasMessageContaining("below the max_length of 64");
  }

  @Test
  void textsThatAreWrittenHaveLimitsOfTheirOwn() {
    Hyperparameters asked = Hyperparameters.newBuilder().setSourcePrefix("summarize: ").build();

    Recipe recipe = recipe(asked, TunedTask.SUMMARIZATION, OptionalInt.empty());

    assertThat(recipe.texts()).isEqualTo(new Texts(512, 128, "summarize: ", false, 0, 0, false));
    assertThat(recipe.batches().batchSize()).isEqualTo(8);
    assertThat(recipe.validations().metric()).isEqualTo("loss");
    assertThatThrownBy(
            () ->
                recipe(
                    asked.toBuilder().setMaxTargetLength(65).build(),
                    TunedTask.SUMMARIZATION,
                    OptionalInt.of(64)))
        .hasMessage("hyperparameters.max_target_length is 65; expected at most the model's 64.");
  }

  @Test
  void choosesByMetricsOfTheTaskAlone() {
    Hyperparameters byRouge = Hyperparameters.newBuilder().setMetricForBestModel("rougeL").build();

    assertThat(
            recipe(
                    byRouge.toBuilder().setPredictWithGenerate(true).build(),
                    TunedTask.SUMMARIZATION,
                    OptionalInt.empty())
                .validations()
                .metric())
        .isEqualTo("rougeL");
    assertThatThrownBy(() -> recipe(byRouge, TunedTask.SUMMARIZATION, OptionalInt.empty()))
        .hasMessage(
            "hyperparameters.metric_for_best_model is \"rougeL\"; expected loss, perplexity.");
    assertThatThrownBy(() -> recipe(byRouge, TunedTask.TOKEN_CLASSIFICATION, OptionalInt.empty()))
        .hasMessageContaining("expected f1, precision, recall, accuracy, loss");
  }

  private static Recipe oneRowAStep(int epochs, UnaryOperator<Hyperparameters.Builder> more) {
    return recipe(
        more.apply(Hyperparameters.newBuilder().setEpochs(epochs).setBatchSize(1)).build(),
        MODEL_LIMIT);
  }

  private static Recipe recipe(Hyperparameters asked, int modelLimit) {
    return recipe(asked, TunedTask.SINGLE_LABEL, OptionalInt.of(modelLimit));
  }

  private static Recipe recipe(Hyperparameters asked, TunedTask task, OptionalInt modelLimit) {
    return RecipeMessages.recipe(asked, task, modelLimit);
  }
}
