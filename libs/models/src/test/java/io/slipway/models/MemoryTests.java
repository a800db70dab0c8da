package io.slipway.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Precision;
import io.slipway.models.task.TextClassification;
import io.slipway.models.training.ClassificationGoal;
import io.slipway.models.training.LabelledText;
import io.slipway.models.training.TextClassificationTraining;
import io.slipway.models.training.TrainingSettings;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;

/** Native memory has an owner everywhere: long runs do not grow. */
class MemoryTests {

  private static final long GROWTH = 8L << 20;

  private final List<LabelledText> rows =
      IntStream.range(0, 96)
          .mapToObj(i -> LabelledText.of("my parcel is late " + "again ".repeat(i % 30), i % 2))
          .toList();

  @Test
  void threeHundredTrainingStepsDoNotGrow() throws Exception {
    TrainingSettings settings =
        TrainingSettings.defaults().with().epochs(40).batchSize(8).settings();
    ClassificationGoal goal = new ClassificationGoal(List.of("no", "yes"), false, 48, true);
    try (ComputeExecutor executor = new ComputeExecutor(ComputeDevice.CPU, 2);
        TextClassificationTraining training =
            TextClassificationTraining.start(
                GoldenCase.checkpoint("base-model"), goal, rows, settings, executor)) {
      assertSteady(
          () -> {
            for (int i = 0; i < 100; i++) {
              training.step();
            }
            training.validate(rows);
          });
    }
  }

  @Test
  void twoThousandPredictionsDoNotGrow() throws Exception {
    List<String> texts = rows.stream().map(LabelledText::text).toList();
    try (ComputeExecutor executor = new ComputeExecutor(ComputeDevice.CPU, 2);
        TextClassification model =
            TextClassification.load(
                GoldenCase.checkpoint("single-label"), executor, Precision.FLOAT32)) {
      assertSteady(
          () -> {
            for (int i = 0; i < 700; i++) {
              model.predict(List.of(texts.get(i % texts.size())), Optional.empty(), 0);
            }
          });
    }
  }

  @Test
  void loadingAndClosingAgainAndAgainDoesNotGrow() throws Exception {
    try (ComputeExecutor executor = new ComputeExecutor(ComputeDevice.CPU, 2)) {
      assertSteady(
          () -> {
            for (int i = 0; i < 50; i++) {
              TextClassification.load(
                      GoldenCase.checkpoint("single-label"), executor, Precision.BFLOAT16)
                  .close();
            }
          });
    }
  }

  private interface Round {
    void run() throws Exception;
  }

  /** Two rounds to warm up, two to measure. */
  private static void assertSteady(Round round) throws Exception {
    round.run();
    round.run();
    System.gc();
    long tracked = Pointer.totalBytes();
    long resident = Pointer.physicalBytes();
    round.run();
    round.run();
    System.gc();
    assertThat(Pointer.totalBytes() - tracked).isLessThan(1 << 20);
    assertThat(Pointer.physicalBytes() - resident).isLessThan(GROWTH);
  }
}
