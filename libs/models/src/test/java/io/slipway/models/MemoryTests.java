package io.slipway.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.modelfiles.Task;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Precision;
import io.slipway.models.task.TextClassification;
import io.slipway.models.task.TextGeneration;
import io.slipway.models.task.TextToTextGeneration;
import io.slipway.models.training.FineTuning;
import io.slipway.models.training.classification.LabelledText;
import io.slipway.models.training.classification.TextClassificationGoal;
import io.slipway.models.training.settings.TrainingSettings;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Native memory has an owner everywhere: long runs do not grow. {@code -Dslipway.memory.scale=10}
 * makes them ten times as long, which is 20,000 requests and thousands of training steps.
 */
class MemoryTests {

  /** Bytes of the process, of which the Java heap takes its part. */
  private static final long GROWTH = 24L << 20;

  private static final int SCALE = Integer.getInteger("slipway.memory.scale", 1);

  private final List<LabelledText> rows =
      IntStream.range(0, 96)
          .mapToObj(i -> LabelledText.of("my parcel is late " + "again ".repeat(i % 30), i % 2))
          .toList();

  private static List<TrainingSettings> waysToTrain() {
    TrainingSettings plain =
        TrainingSettings.defaults().with().epochs(40 * SCALE).batchSize(8).settings();
    return List.of(
        plain,
        plain.with().microBatchSize(3).gradientCheckpointing(true).settings(),
        plain.with().precision(Precision.BFLOAT16).settings());
  }

  @ParameterizedTest
  @MethodSource("waysToTrain")
  void fourHundredTrainingStepsDoNotGrow(TrainingSettings settings) throws Exception {
    TextClassificationGoal goal = new TextClassificationGoal(List.of("no", "yes"), false, 48, true);
    try (ComputeExecutor executor = new ComputeExecutor(ComputeDevice.CPU, 2);
        FineTuning<LabelledText> training =
            FineTuning.start(GoldenCase.checkpoint("base-model"), goal, rows, settings, executor)) {
      assertSteady(
          () -> {
            for (int i = 0; i < 100 * SCALE; i++) {
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
            for (int i = 0; i < 500 * SCALE; i++) {
              model.predict(List.of(texts.get(i % texts.size())), Optional.empty(), 0);
            }
          });
    }
  }

  @Test
  void generatingDoesNotGrow() throws Exception {
    ModelConfig drawn =
        ModelConfig.parse(
            "parameters", "{\"max_new_tokens\": 9, \"top_p\": 0.9, \"details\": true}");
    ModelConfig beams =
        ModelConfig.parse("parameters", "{\"max_new_tokens\": 9, \"num_beams\": 3}");
    List<String> texts = rows.subList(0, 8).stream().map(LabelledText::text).toList();
    try (ComputeExecutor executor = new ComputeExecutor(ComputeDevice.CPU, 2);
        TextGeneration decoder =
            TextGeneration.load(
                GoldenCase.checkpoint("generation/mistral"), executor, Precision.FLOAT32);
        TextToTextGeneration both =
            TextToTextGeneration.load(
                GoldenCase.checkpoint("generation/bart"),
                Task.SUMMARIZATION,
                executor,
                Precision.FLOAT32)) {
      assertSteady(
          () -> {
            for (int i = 0; i < 8; i++) {
              decoder.generate(texts, drawn);
              decoder.generate(texts.subList(0, 2), beams);
              both.write(texts, beams);
              both.write(texts, drawn);
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
