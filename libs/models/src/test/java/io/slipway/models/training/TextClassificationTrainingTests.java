package io.slipway.models.training;

import static io.slipway.models.Logits.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Percentage.withPercentage;

import io.slipway.modelfiles.CheckpointInspection;
import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.ModelFilesException.Reason;
import io.slipway.models.GoldenCase;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Precision;
import io.slipway.models.task.TextClassification;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextClassificationTrainingTests {

  private static final List<String> TOPICS = List.of("money", "parcel", "access");
  private static final List<LabelledText> ROWS =
      IntStream.range(0, 50)
          .mapToObj(
              i ->
                  switch (i % 3) {
                    case 0 ->
                        LabelledText.of(
                            "my card was charged twice, refund please " + "again ".repeat(i % 7),
                            0);
                    case 1 -> LabelledText.of("the parcel is late " + "today ".repeat(i % 5), 1);
                    default ->
                        LabelledText.of(
                            "cannot open my account, password lost" + " help".repeat(i % 4), 2);
                  })
          .toList();

  private static ComputeExecutor executor;

  @TempDir Path temp;

  @BeforeAll
  static void start() {
    executor = new ComputeExecutor(ComputeDevice.CPU, 2);
  }

  @AfterAll
  static void stop() {
    executor.close();
  }

  private static TextClassificationTraining training(Path base, TrainingSettings settings)
      throws Exception {
    ClassificationGoal goal = new ClassificationGoal(TOPICS, false, 64, true);
    return TextClassificationTraining.start(base, goal, ROWS, settings, executor);
  }

  private static TrainingSettings settings() {
    return TrainingSettings.defaults()
        .with()
        .epochs(4)
        .batchSize(8)
        .learningRate(5e-3)
        .seed(3)
        .settings();
  }

  /** A base model that drops out, as most do. */
  private Path withDropout() throws Exception {
    Path copy = GoldenCase.copy(GoldenCase.checkpoint("base-model"), temp.resolve("dropout"));
    GoldenCase.configure(copy, "hidden_dropout_prob", "0.1");
    return GoldenCase.configure(copy, "attention_probs_dropout_prob", "0.2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"single-label", "multi-label", "relu-one-type"})
  void lossesAreTheReferences(String name) throws Exception {
    GoldenCase golden = GoldenCase.named(name);
    List<LabelledText> rows =
        IntStream.range(0, golden.texts().size())
            .mapToObj(i -> new LabelledText(golden.texts().get(i), golden.trainingLabels().get(i)))
            .toList();
    TrainingSettings settings =
        TrainingSettings.defaults()
            .with()
            .epochs(5)
            .batchSize(rows.size())
            .learningRate(golden.learningRate())
            .schedule(Schedule.CONSTANT)
            .warmupRatio(0)
            .weightDecay(0)
            .maxGradientNorm(0)
            .shuffle(false)
            .settings();
    List<String> labels = CheckpointInspection.inspect(golden.directory()).labels();
    ClassificationGoal goal =
        new ClassificationGoal(labels, name.equals("multi-label"), 512, false);
    try (TextClassificationTraining training =
        TextClassificationTraining.start(golden.directory(), goal, rows, settings, executor)) {
      for (double expected : golden.losses()) {
        assertThat(training.step().loss()).isCloseTo(expected, withPercentage(0.01));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"base-model", "base-masked-lm", "single-label"})
  void learnsWithAFreshHead(String base) throws Exception {
    try (TextClassificationTraining training =
        training(GoldenCase.checkpoint(base), settings().with().epochs(15).settings())) {
      Validation before = training.validate(ROWS);
      while (!training.finished()) {
        training.step();
      }
      Validation after = training.validate(ROWS);
      assertThat(after.loss()).isLessThan(before.loss() / 3);
      assertThat(after.accuracy()).isGreaterThan(0.95);
      assertThat(after.macroF1()).isGreaterThan(0.95);
    }
  }

  @Test
  void aResumedRunRepeatsTheUninterruptedOneBitForBit() throws Exception {
    Path base = withDropout();
    List<TrainingStep> whole = new ArrayList<>();
    Validation last;
    try (TextClassificationTraining training = training(base, settings())) {
      for (int i = 0; i < 10; i++) {
        whole.add(training.step());
      }
      training.saveCheckpoint(temp.resolve("checkpoint"));
      while (!training.finished()) {
        whole.add(training.step());
      }
      last = training.validate(ROWS);
    }
    try (TextClassificationTraining training = training(base, settings())) {
      training.resume(temp.resolve("checkpoint"));
      assertThat(training.stepsTaken()).isEqualTo(10);
      List<TrainingStep> rest = new ArrayList<>();
      while (!training.finished()) {
        rest.add(training.step());
      }
      assertThat(rest).isEqualTo(whole.subList(10, whole.size()));
      assertThat(training.validate(ROWS)).isEqualTo(last);
    }
  }

  @Test
  void dropoutAndOrderFollowTheSeed() throws Exception {
    Path base = withDropout();
    List<List<Double>> runs = new ArrayList<>();
    for (long seed : new long[] {3, 3, 4}) {
      try (TextClassificationTraining training =
          training(base, settings().with().seed(seed).settings())) {
        runs.add(List.of(training.step().loss(), training.step().loss()));
      }
    }
    assertThat(runs.get(0)).isEqualTo(runs.get(1)).isNotEqualTo(runs.get(2));
  }

  @Test
  void theRateWarmsUpAndFallsToTheEnd() throws Exception {
    TrainingSettings settings = settings().with().epochs(2).warmupRatio(0.25).settings();
    List<Double> rates = new ArrayList<>();
    try (TextClassificationTraining training =
        training(GoldenCase.checkpoint("base-model"), settings)) {
      while (!training.finished()) {
        rates.add(training.step().learningRate() / settings.learningRate());
      }
    }
    assertThat(rates).hasSize(14).startsWith(0.0, 0.25, 0.5, 0.75, 1.0).endsWith(0.1);
  }

  @Test
  void theSavedModelIsACompleteCheckpointThatAnswersTheSame() throws Exception {
    Path saved = temp.resolve("saved");
    Validation trained;
    try (TextClassificationTraining training =
        training(GoldenCase.checkpoint("base-masked-lm"), settings())) {
      for (int i = 0; i < 5; i++) {
        training.step();
      }
      trained = training.validate(ROWS);
      training.saveModel(saved);
    }
    assertThat(CheckpointInspection.inspect(saved).labels()).isEqualTo(TOPICS);
    assertThat(CheckpointInspection.inspect(saved).verdict().servable()).isTrue();
    ValidationTally tally = new ValidationTally(TOPICS.size(), false);
    try (TextClassification model = TextClassification.load(saved, executor, Precision.FLOAT32)) {
      assertThat(model.labels()).isEqualTo(TOPICS);
      float[][] logits =
          model.logits(ROWS.stream().map(row -> model.tokenize(row.text())).toList());
      for (int i = 0; i < logits.length; i++) {
        tally.add(logits[i], ROWS.get(i).labels());
      }
      assertThat(model.predict(List.of("hello"), Optional.empty(), 1)).hasSize(1);
    }
    assertThat(tally.result().loss()).isCloseTo(trained.loss(), withPercentage(0.001));
  }

  @Test
  void savingAnUntrainedModelChangesNoWeight() throws Exception {
    GoldenCase golden = GoldenCase.named("multi-label");
    List<String> labels = CheckpointInspection.inspect(golden.directory()).labels();
    List<LabelledText> rows = List.of(new LabelledText("hello", List.of()));
    Path saved = temp.resolve("saved");
    try (TextClassificationTraining training =
        TextClassificationTraining.start(
            golden.directory(),
            new ClassificationGoal(labels, true, 64, false),
            rows,
            settings(),
            executor)) {
      training.saveModel(saved);
    }
    try (TextClassification model = TextClassification.load(saved, executor, Precision.FLOAT32)) {
      assertClose(
          model.logits(golden.texts().stream().map(model::tokenize).toList()),
          golden.logits(),
          1e-5f);
    }
  }

  @Test
  void reportsALossThatIsNoNumber() throws Exception {
    try (TextClassificationTraining training =
        training(GoldenCase.checkpoint("base-model"), settings())) {
      Path checkpoint = temp.resolve("checkpoint");
      training.saveCheckpoint(checkpoint);
      poison(checkpoint.resolve("model.safetensors"));
      training.resume(checkpoint);
      assertThatThrownBy(training::step)
          .isInstanceOf(NonFiniteLossException.class)
          .hasMessageContaining("the loss is NaN at step 1");
    }
  }

  /** Fills the last weight of a file with NaN. */
  private static void poison(Path weights) throws Exception {
    byte[] bytes = Files.readAllBytes(weights);
    for (int i = bytes.length - 4; i >= bytes.length - 12; i -= 4) {
      bytes[i] = 0;
      bytes[i + 1] = 0;
      bytes[i + 2] = (byte) 0xC0;
      bytes[i + 3] = 0x7F;
    }
    Files.write(weights, bytes);
  }

  @Test
  void refusesToResumeAnotherRun() throws Exception {
    Path checkpoint = temp.resolve("checkpoint");
    try (TextClassificationTraining training =
        training(GoldenCase.checkpoint("base-model"), settings())) {
      training.step();
      training.saveCheckpoint(checkpoint);
    }
    try (TextClassificationTraining training =
        training(GoldenCase.checkpoint("base-model"), settings().with().seed(8).settings())) {
      assertThatThrownBy(() -> training.resume(checkpoint)).hasMessageContaining("another run");
    }
    try (TextClassificationTraining training =
        training(GoldenCase.checkpoint("single-label"), settings())) {
      assertThatThrownBy(() -> training.resume(checkpoint)).hasMessageContaining("has no tensor");
    }
  }

  @Test
  void refusesAnIncompleteCheckpoint() throws Exception {
    Path checkpoint = temp.resolve("checkpoint");
    try (TextClassificationTraining training =
        training(GoldenCase.checkpoint("base-model"), settings())) {
      training.saveCheckpoint(checkpoint);
      Files.delete(checkpoint.resolve("training.json"));
      assertThatThrownBy(() -> training.resume(checkpoint))
          .hasMessageContaining("not a complete checkpoint");
    }
  }

  @Test
  void keepsAHeadForOtherLabelsUnlessAskedToReplaceIt() {
    ClassificationGoal goal = new ClassificationGoal(TOPICS, false, 64, false);
    assertThatThrownBy(
            () ->
                TextClassificationTraining.start(
                    GoldenCase.checkpoint("single-label"), goal, ROWS, settings(), executor))
        .isInstanceOfSatisfying(
            ModelFilesException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.WEIGHTS_MISMATCH))
        .hasMessageContaining("billing")
        .hasMessageContaining("money");
  }

  @Test
  void refusesRowsAndGoalsThatDoNotFit() {
    assertThatThrownBy(() -> new ClassificationGoal(List.of("one"), false, 8, true))
        .hasMessageContaining("at least two classes");
    assertThatThrownBy(() -> new ClassificationGoal(List.of("a", "a"), false, 8, true))
        .hasMessageContaining("only once");
    Path base = GoldenCase.checkpoint("base-model");
    ClassificationGoal goal = new ClassificationGoal(TOPICS, false, 64, true);
    assertThatThrownBy(
            () ->
                TextClassificationTraining.start(
                    base, goal, List.of(LabelledText.of("a", 3)), settings(), executor))
        .hasMessageContaining("label 3");
    assertThatThrownBy(
            () -> TextClassificationTraining.start(base, goal, List.of(), settings(), executor))
        .hasMessageContaining("no rows");
    assertThatThrownBy(() -> settings().with().learningRate(0).settings())
        .hasMessageContaining("learningRate is 0.0");
  }
}
