package io.slipway.models.training;

import static io.slipway.models.Logits.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Percentage.withPercentage;

import io.slipway.modelfiles.CheckpointInspection;
import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.ModelFilesException.Reason;
import io.slipway.models.GoldenCase;
import io.slipway.models.OnCpu;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Precision;
import io.slipway.models.task.TextClassification;
import io.slipway.models.training.classification.LabelledText;
import io.slipway.models.training.classification.TextClassificationGoal;
import io.slipway.models.training.run.NonFiniteLossException;
import io.slipway.models.training.run.TrainingStep;
import io.slipway.models.training.settings.Schedule;
import io.slipway.models.training.settings.TrainingSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FineTuningTests {

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

  @OnCpu private static ComputeExecutor executor;

  @TempDir Path temp;

  private static FineTuning<LabelledText> training(Path base, TrainingSettings settings)
      throws Exception {
    TextClassificationGoal goal = new TextClassificationGoal(TOPICS, false, 64, true);
    return FineTuning.start(base, goal, ROWS, settings, executor);
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
    TextClassificationGoal goal =
        new TextClassificationGoal(labels, name.equals("multi-label"), 512, false);
    try (FineTuning<LabelledText> training =
        FineTuning.start(golden.directory(), goal, rows, settings, executor)) {
      for (double expected : golden.losses()) {
        assertThat(training.step().loss()).isCloseTo(expected, withPercentage(0.01));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"base-model", "base-masked-lm", "single-label"})
  void learnsWithAFreshHead(String base) throws Exception {
    try (FineTuning<LabelledText> training =
        training(GoldenCase.checkpoint(base), settings().with().epochs(15).settings())) {
      Validation before = training.validate(ROWS);
      while (!training.finished()) {
        training.step();
      }
      Validation after = training.validate(ROWS);
      assertThat(after.loss()).isLessThan(before.loss() / 3);
      assertThat(after.metric("accuracy")).isGreaterThan(0.95);
      assertThat(after.metric("macro_f1")).isGreaterThan(0.95);
    }
  }

  private static List<TrainingSettings> waysToTrain() {
    return List.of(
        settings(),
        settings().with().microBatchSize(3).settings(),
        settings().with().precision(Precision.BFLOAT16).gradientCheckpointing(true).settings());
  }

  @ParameterizedTest
  @MethodSource("waysToTrain")
  void aResumedRunRepeatsTheUninterruptedOneBitForBit(TrainingSettings settings) throws Exception {
    Path base = withDropout();
    List<TrainingStep> whole = new ArrayList<>();
    Validation last;
    try (FineTuning<LabelledText> training = training(base, settings)) {
      for (int i = 0; i < 10; i++) {
        whole.add(training.step());
      }
      training.saveCheckpoint(temp.resolve("checkpoint"));
      while (!training.finished()) {
        whole.add(training.step());
      }
      last = training.validate(ROWS);
    }
    try (FineTuning<LabelledText> training = training(base, settings)) {
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

  @ParameterizedTest
  @EnumSource(Precision.class)
  void checkpointedBlocksGiveTheSameLossesBitForBit(Precision precision) throws Exception {
    Path base = withDropout();
    List<List<TrainingStep>> runs = new ArrayList<>();
    for (boolean checkpointing : new boolean[] {false, true}) {
      TrainingSettings settings =
          settings().with().precision(precision).gradientCheckpointing(checkpointing).settings();
      try (FineTuning<LabelledText> training = training(base, settings)) {
        runs.add(steps(training, 8));
      }
    }
    assertThat(runs.get(1)).isEqualTo(runs.get(0));
  }

  @Test
  void aBatchInPartsGivesTheLossesOfTheWholeBatch() throws Exception {
    Path base = GoldenCase.checkpoint("base-model");
    List<TrainingStep> whole;
    try (FineTuning<LabelledText> training = training(base, settings())) {
      whole = steps(training, 8);
    }
    for (int part : new int[] {1, 3}) {
      try (FineTuning<LabelledText> training =
          training(base, settings().with().microBatchSize(part).settings())) {
        List<TrainingStep> parts = steps(training, 8);
        for (int i = 0; i < parts.size(); i++) {
          assertThat(parts.get(i).loss()).isCloseTo(whole.get(i).loss(), withPercentage(0.01));
          assertThat(parts.get(i).gradientNorm())
              .isCloseTo(whole.get(i).gradientNorm(), withPercentage(0.02));
          assertThat(parts.get(i).examples()).isEqualTo(whole.get(i).examples());
        }
      }
    }
  }

  private static List<TrainingStep> steps(FineTuning<?> training, int count) throws Exception {
    List<TrainingStep> steps = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      steps.add(training.step());
    }
    return steps;
  }

  @Test
  void dropoutAndOrderFollowTheSeed() throws Exception {
    Path base = withDropout();
    List<List<Double>> runs = new ArrayList<>();
    for (long seed : new long[] {3, 3, 4}) {
      try (FineTuning<LabelledText> training =
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
    try (FineTuning<LabelledText> training =
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
    try (FineTuning<LabelledText> training =
        training(GoldenCase.checkpoint("base-masked-lm"), settings())) {
      for (int i = 0; i < 5; i++) {
        training.step();
      }
      trained = training.validate(ROWS);
      training.saveModel(saved);
    }
    assertThat(CheckpointInspection.inspect(saved).labels()).isEqualTo(TOPICS);
    assertThat(CheckpointInspection.inspect(saved).verdict().servable()).isTrue();
    try (TextClassification model = TextClassification.load(saved, executor, Precision.FLOAT32)) {
      assertThat(model.labels()).isEqualTo(TOPICS);
      assertThat(model.predict(List.of("hello"), Optional.empty(), 1)).hasSize(1);
    }
    TextClassificationGoal goal = new TextClassificationGoal(TOPICS, false, 64, false);
    try (FineTuning<LabelledText> again =
        FineTuning.start(saved, goal, ROWS, settings(), executor)) {
      assertThat(again.validate(ROWS)).isEqualTo(trained);
    }
  }

  @Test
  void savingAnUntrainedModelChangesNoWeight() throws Exception {
    GoldenCase golden = GoldenCase.named("multi-label");
    List<String> labels = CheckpointInspection.inspect(golden.directory()).labels();
    List<LabelledText> rows = List.of(new LabelledText("hello", List.of()));
    Path saved = temp.resolve("saved");
    try (FineTuning<LabelledText> training =
        FineTuning.start(
            golden.directory(),
            new TextClassificationGoal(labels, true, 64, false),
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
    try (FineTuning<LabelledText> training =
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
    try (FineTuning<LabelledText> training =
        training(GoldenCase.checkpoint("base-model"), settings())) {
      training.step();
      training.saveCheckpoint(checkpoint);
    }
    try (FineTuning<LabelledText> training =
        training(GoldenCase.checkpoint("base-model"), settings().with().seed(8).settings())) {
      assertThatThrownBy(() -> training.resume(checkpoint)).hasMessageContaining("another run");
    }
    try (FineTuning<LabelledText> training =
        training(GoldenCase.checkpoint("single-label"), settings())) {
      assertThatThrownBy(() -> training.resume(checkpoint)).hasMessageContaining("has no tensor");
    }
  }

  @Test
  void refusesAnIncompleteCheckpoint() throws Exception {
    Path checkpoint = temp.resolve("checkpoint");
    try (FineTuning<LabelledText> training =
        training(GoldenCase.checkpoint("base-model"), settings())) {
      training.saveCheckpoint(checkpoint);
      Files.delete(checkpoint.resolve("training.json"));
      assertThatThrownBy(() -> training.resume(checkpoint))
          .hasMessageContaining("not a complete checkpoint");
    }
  }

  @Test
  void keepsAHeadForOtherLabelsUnlessAskedToReplaceIt() {
    TextClassificationGoal goal = new TextClassificationGoal(TOPICS, false, 64, false);
    assertThatThrownBy(
            () ->
                FineTuning.start(
                    GoldenCase.checkpoint("single-label"), goal, ROWS, settings(), executor))
        .isInstanceOfSatisfying(
            ModelFilesException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.WEIGHTS_MISMATCH))
        .hasMessageContaining("billing")
        .hasMessageContaining("money");
  }

  @Test
  void refusesRowsAndGoalsThatDoNotFit() {
    assertThatThrownBy(() -> new TextClassificationGoal(List.of("one"), false, 8, true))
        .hasMessageContaining("at least two classes");
    assertThatThrownBy(() -> new TextClassificationGoal(List.of("a", "a"), false, 8, true))
        .hasMessageContaining("only once");
    Path base = GoldenCase.checkpoint("base-model");
    TextClassificationGoal goal = new TextClassificationGoal(TOPICS, false, 64, true);
    assertThatThrownBy(
            () ->
                FineTuning.start(
                    base, goal, List.of(LabelledText.of("a", 3)), settings(), executor))
        .hasMessageContaining("label 3");
    assertThatThrownBy(() -> FineTuning.start(base, goal, List.of(), settings(), executor))
        .hasMessageContaining("no rows");
    assertThatThrownBy(() -> settings().with().learningRate(0).settings())
        .hasMessageContaining("learningRate is 0.0");
  }
}
