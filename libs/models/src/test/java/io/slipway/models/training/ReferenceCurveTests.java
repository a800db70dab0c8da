package io.slipway.models.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;
import static org.assertj.core.data.Percentage.withPercentage;

import io.slipway.modelfiles.CheckpointInspection;
import io.slipway.models.GoldenCase;
import io.slipway.models.OnCpu;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Precision;
import io.slipway.models.training.classification.LabelledText;
import io.slipway.models.training.classification.ScoredText;
import io.slipway.models.training.classification.TextClassificationGoal;
import io.slipway.models.training.classification.TextRegressionGoal;
import io.slipway.models.training.run.TrainingStep;
import io.slipway.models.training.settings.Schedule;
import io.slipway.models.training.settings.TrainingSettings;
import io.slipway.models.training.settings.TrainingSettingsChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Curves of the reference's own trainer; src/test/python/make_training_goldens.py made them. */
class ReferenceCurveTests {

  @OnCpu private static ComputeExecutor executor;

  private final JsonNode curves = GoldenCase.json("training/curves.json");
  private final GoldenCase single = GoldenCase.named("single-label");

  private static List<Double> numbers(JsonNode array) {
    return array.valueStream().map(JsonNode::asDouble).toList();
  }

  private List<LabelledText> rows() {
    return IntStream.range(0, single.texts().size())
        .mapToObj(i -> new LabelledText(single.texts().get(i), single.trainingLabels().get(i)))
        .toList();
  }

  private TextClassificationGoal goal(List<Double> classWeights) throws Exception {
    List<String> labels = CheckpointInspection.inspect(single.directory()).labels();
    return new TextClassificationGoal(labels, false, 512, false, classWeights);
  }

  private static TrainingSettingsChange fiveSteps(int rows) {
    return TrainingSettings.defaults()
        .with()
        .epochs(5)
        .batchSize(rows)
        .learningRate(2e-3)
        .schedule(Schedule.CONSTANT)
        .weightDecay(0)
        .maxGradientNorm(0)
        .shuffle(false);
  }

  private static <E> List<TrainingStep> run(
      GoldenCase base, Goal<E> goal, List<E> rows, TrainingSettings settings) throws Exception {
    List<TrainingStep> steps = new ArrayList<>();
    try (FineTuning<E> training =
        FineTuning.start(base.directory(), goal, rows, settings, executor)) {
      while (!training.finished()) {
        steps.add(training.step());
      }
    }
    return steps;
  }

  private static void assertLosses(List<TrainingStep> steps, JsonNode expected, double percent) {
    List<Double> losses = numbers(expected);
    assertThat(steps).hasSameSizeAs(losses);
    for (int i = 0; i < losses.size(); i++) {
      assertThat(steps.get(i).loss())
          .as("loss at step %d", i + 1)
          .isCloseTo(losses.get(i), withPercentage(percent));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void followsTheReferencesTrainer(int which) throws Exception {
    JsonNode curve = curves.get("trainer").get(which);
    TrainingSettings settings =
        TrainingSettings.defaults()
            .with()
            .epochs(curve.get("epochs").asInt())
            .batchSize(curve.get("batch_size").asInt())
            .learningRate(curve.get("learning_rate").asDouble())
            .schedule(Schedule.valueOf(curve.get("schedule").asString().toUpperCase(Locale.ROOT)))
            .warmupSteps(curve.get("warmup_steps").asInt())
            .weightDecay(curve.get("weight_decay").asDouble())
            .maxGradientNorm(curve.get("max_grad_norm").asDouble())
            .labelSmoothing(curve.get("label_smoothing").asDouble())
            .shuffle(false)
            .settings();
    List<TrainingStep> steps = run(single, goal(List.of()), rows(), settings);
    assertLosses(steps, curve.get("losses"), 0.01);
    List<Double> norms = numbers(curve.get("gradient_norms"));
    List<Double> rates = numbers(curve.get("learning_rates"));
    for (int i = 0; i < steps.size(); i++) {
      assertThat(steps.get(i).gradientNorm()).isCloseTo(norms.get(i), withPercentage(0.1));
      assertThat(steps.get(i).learningRate()).isCloseTo(rates.get(i), offset(1e-12));
    }
  }

  @Test
  void weighsClassesAsTheReferenceDoes() throws Exception {
    JsonNode curve = curves.get("class_weights");
    TextClassificationGoal goal = goal(numbers(curve.get("weights")));
    int rows = rows().size();
    assertLosses(run(single, goal, rows(), fiveSteps(rows).settings()), curve.get("losses"), 0.01);
    assertLosses(
        run(single, goal, rows(), fiveSteps(rows).microBatchSize(2).settings()),
        curve.get("losses"),
        0.01);
  }

  @Test
  void staysCloseToTheReferenceInMixedPrecision() throws Exception {
    TrainingSettings settings = fiveSteps(rows().size()).precision(Precision.BFLOAT16).settings();
    assertLosses(
        run(single, goal(List.of()), rows(), settings), curves.get("bfloat16").get("losses"), 2);
  }

  @Test
  void learnsValuesAsTheReferenceDoes() throws Exception {
    GoldenCase base = GoldenCase.named("relu-one-type");
    JsonNode curve = curves.get("regression");
    List<ScoredText> rows =
        IntStream.range(0, base.texts().size())
            .mapToObj(
                i -> new ScoredText(base.texts().get(i), null, numbers(curve.get("values").get(i))))
            .toList();
    TextRegressionGoal goal = new TextRegressionGoal(List.of("no", "yes"), 512, false);
    assertLosses(
        run(base, goal, rows, fiveSteps(rows.size()).settings()), curve.get("losses"), 0.01);
  }
}
