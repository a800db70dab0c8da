package io.slipway.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Precision;
import io.slipway.models.task.TextClassification;
import io.slipway.models.training.ClassificationGoal;
import io.slipway.models.training.LabelledText;
import io.slipway.models.training.Schedule;
import io.slipway.models.training.TextClassificationTraining;
import io.slipway.models.training.TrainingSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A text-classification case that was made elsewhere: -Dslipway.conformance.dir=FOLDER. */
@EnabledIfSystemProperty(named = "slipway.conformance.dir", matches = ".+")
class ConformanceTests {

  private final Path directory = Path.of(System.getProperty("slipway.conformance.dir", ""));

  @Test
  void logitsAndTrainingLossesAreTheReferences() throws Exception {
    JsonNode golden = new JsonMapper().readTree(Files.readString(directory.resolve("golden.json")));
    List<String> texts =
        golden.get("inputs").get("texts").valueStream().map(JsonNode::asString).toList();
    JsonNode expected = golden.get("logits").get("data");
    List<LabelledText> rows = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      rows.add(
          LabelledText.of(
              texts.get(i), golden.get("training").get("labels").get("labels").get(i).asInt()));
    }
    try (ComputeExecutor executor = new ComputeExecutor(ComputeDevice.CPU, 2)) {
      List<String> labels;
      try (TextClassification model =
          TextClassification.load(directory, executor, Precision.FLOAT32)) {
        labels = model.labels();
        float[][] logits = model.logits(texts.stream().map(model::tokenize).toList());
        double worst = 0;
        for (int i = 0; i < texts.size(); i++) {
          for (int j = 0; j < labels.size(); j++) {
            double reference = expected.get(i * labels.size() + j).asDouble();
            worst = Math.max(worst, Math.abs(logits[i][j] - reference));
          }
        }
        System.out.println("worst difference of a logit: " + worst);
        assertThat(worst).isLessThan(1e-4);
      }
      TrainingSettings settings =
          TrainingSettings.defaults()
              .with()
              .epochs(5)
              .batchSize(texts.size())
              .learningRate(1e-3)
              .schedule(Schedule.CONSTANT)
              .warmupRatio(0)
              .weightDecay(0)
              .maxGradientNorm(0)
              .shuffle(false)
              .settings();
      ClassificationGoal goal = new ClassificationGoal(labels, false, 512, false);
      try (TextClassificationTraining training =
          TextClassificationTraining.start(directory, goal, rows, settings, executor)) {
        for (JsonNode loss : golden.get("training").get("losses")) {
          double actual = training.step().loss();
          System.out.println("loss " + actual + ", reference " + loss);
          assertThat(actual).isCloseTo(loss.asDouble(), withPercentage(0.01));
        }
      }
    }
  }
}
