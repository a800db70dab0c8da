package io.slipway.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slipway.artifacts.CheckoutCache;
import io.slipway.artifacts.StoredFile;
import io.slipway.finetune.v1.ReportResultRequest;
import io.slipway.finetune.v1.TrainingPlan;
import io.slipway.finetune.v1.ValidationPoint;
import io.slipway.modelfiles.CheckpointInspection;
import io.slipway.modelfiles.InspectedCheckpoint;
import io.slipway.modelfiles.ModelConfig;
import io.slipway.modelfiles.Task;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Precision;
import io.slipway.models.task.ImageClassification;
import io.slipway.models.task.LabelScore;
import io.slipway.models.task.TextClassification;
import io.slipway.models.task.TextGeneration;
import io.slipway.models.task.TextToTextGeneration;
import io.slipway.models.task.answers.QuestionAnswering;
import io.slipway.models.task.answers.QuestionAnswering.Question;
import io.slipway.models.task.tokens.Entity;
import io.slipway.models.task.tokens.TokenClassification;
import io.slipway.process.ChildProcess;
import io.slipway.trainer.testing.TaskPlans;
import io.slipway.trainer.testing.TrainerSurroundings;
import io.slipway.trainer.testing.TrainingStandIn.Reports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every task beside labelled texts: learned by a trainer, answered by the engine. */
class TaskRunTests {

  private static final int EPOCHS = 16;

  @TempDir private static Path directory;
  private static TrainerSurroundings surroundings;
  private static TaskPlans plans;
  private static ChildProcess trainer;
  private static ComputeExecutor executor;

  /** What a run has come to. */
  private record Outcome(
      ValidationPoint before, ValidationPoint best, Path model, InspectedCheckpoint inspected) {}

  @BeforeAll
  static void start() {
    surroundings = new TrainerSurroundings(directory);
    plans = new TaskPlans(surroundings, EPOCHS);
    trainer = surroundings.startTrainer("pool");
    executor = new ComputeExecutor(ComputeDevice.CPU, 1);
    surroundings.awaitIdle();
  }

  @AfterAll
  static void stop() {
    executor.close();
    trainer.close();
    surroundings.close();
  }

  @Test
  void learnsToTagWords() throws Exception {
    TrainingPlan.Builder plan = plans.tokenClassification();
    plan.getHyperparametersBuilder().setMetricForBestModel("f1");

    Outcome outcome = run("tags", plan);

    assertThat(outcome.best().getMetricsMap())
        .containsOnlyKeys("f1", "precision", "recall", "accuracy");
    assertThat(outcome.best().getMetricsOrThrow("f1")).isGreaterThan(0.9);
    assertThat(outcome.best().getAccuracy()).isGreaterThan(0.9);
    assertThat(outcome.inspected().architecture()).isEqualTo("BertForTokenClassification");
    assertThat(outcome.inspected().labels()).containsExactly("B-DAY", "O");
    assertThat(Files.readString(outcome.model().resolve("README.md")))
        .contains(
            "pipeline_tag: token-classification", "for token-classification", "`B-DAY`", " f1 |");
    try (TokenClassification model =
        TokenClassification.load(outcome.model(), executor, Precision.FLOAT32)) {
      assertThat(model.predict(List.of("help my slow monday"), TokenClassification.Options.DEFAULT))
          .singleElement()
          .satisfies(
              entities -> assertThat(entities).extracting(Entity::word).containsExactly("monday"));
    }
  }

  @Test
  void learnsToTagWordsThroughAnAdapter() throws Exception {
    Outcome outcome =
        run(
            "tags-adapter",
            TrainerSurroundings.withAdapter(
                plans.tokenClassification(), Set.of("classifier"), "query", "value"));

    assertLearned(outcome, 0.8);
    assertThat(outcome.model().resolve("adapter/adapter_model.safetensors")).exists();
    try (TokenClassification model =
        TokenClassification.load(outcome.model(), executor, Precision.FLOAT32)) {
      assertThat(model.labels()).containsExactly("B-DAY", "O");
    }
  }

  @Test
  void learnsToAnswerQuestions() throws Exception {
    Outcome outcome = run("answers", plans.questionAnswering());

    assertLearned(outcome, 0.8);
    assertThat(outcome.best().getMetricsMap()).containsOnlyKeys("f1", "exact_match");
    assertThat(outcome.inspected().architecture()).isEqualTo("BertForQuestionAnswering");
    try (QuestionAnswering model =
        QuestionAnswering.load(outcome.model(), executor, Precision.FLOAT32)) {
      assertThat(
              model.predict(
                  List.of(new Question("please ?", "my slow monday is broken")),
                  QuestionAnswering.Options.DEFAULT))
          .singleElement()
          .satisfies(answers -> assertThat(answers).hasSize(1));
    }
  }

  @Test
  void learnsToSummarize() throws Exception {
    TrainingPlan.Builder plan = plans.summarization();
    plan.getHyperparametersBuilder().setPredictWithGenerate(true);

    Outcome outcome = run("summaries", plan);

    assertLearned(outcome, 0.8);
    assertThat(outcome.best().getMetricsMap())
        .containsOnlyKeys("perplexity", "rougeL", "rouge1", "rouge2");
    assertThat(outcome.best().getMetricsOrThrow("rougeL")).isPositive();
    assertThat(ModelConfig.read(outcome.model().resolve("config.json")).prefix("summarization"))
        .isEqualTo("help : ");
    try (TextToTextGeneration model =
        TextToTextGeneration.load(
            outcome.model(), Task.SUMMARIZATION, executor, Precision.FLOAT32)) {
      assertThat(
              model.write(
                  List.of("my slow monday is broken"),
                  ModelConfig.parse("parameters", "{\"max_new_tokens\": 4}")))
          .singleElement()
          .satisfies(texts -> assertThat(texts.getFirst()).startsWith("the"));
    }
  }

  @Test
  void learnsToContinueTexts() throws Exception {
    TrainingPlan.Builder plan = plans.textGeneration();
    plan.getHyperparametersBuilder().setPacking(true);

    Outcome outcome = run("texts", plan);

    assertLearned(outcome, 0.9);
    assertThat(outcome.best().getMetricsOrThrow("perplexity"))
        .isEqualTo(Math.exp(outcome.best().getLoss()), org.assertj.core.data.Offset.offset(1e-6));
    assertThat(outcome.inspected().verdict().task()).contains(Task.TEXT_GENERATION);
  }

  @Test
  void learnsWhatTheAssistantSaysAlone() throws Exception {
    Outcome outcome = run("chat", plans.conversations());

    // The user's words are chance: a model that had to learn them too would be far from sure.
    assertThat(outcome.best().getLoss()).isLessThan(0.3);
    assertThat(outcome.model().resolve("chat_template.jinja")).exists();
    try (TextGeneration model = TextGeneration.load(outcome.model(), executor, Precision.FLOAT32)) {
      assertThat(
              model.generate(
                  List.of("my slow app"),
                  ModelConfig.parse("parameters", "{\"max_new_tokens\": 1, \"do_sample\": false}")))
          .singleElement()
          .satisfies(texts -> assertThat(texts.getFirst().tokens()).hasSize(1));
    }
  }

  @Test
  void learnsToTellImages() throws Exception {
    Outcome outcome = run("images", plans.imageClassification());

    assertThat(outcome.best().getAccuracy()).isGreaterThan(0.9);
    assertThat(outcome.inspected().architecture()).isEqualTo("ViTForImageClassification");
    assertThat(outcome.inspected().labels()).containsExactly("blue", "red");
    assertThat(outcome.model().resolve("preprocessor_config.json")).exists();
    try (ImageClassification model =
        ImageClassification.load(outcome.model(), executor, Precision.FLOAT32)) {
      byte[] red = TaskPlans.png(new Random(99), true);
      assertThat(model.predict(List.of(red), Optional.empty(), 1))
          .singleElement()
          .satisfies(best -> assertThat(best).extracting(LabelScore::label).containsExactly("red"));
    }
  }

  @Test
  void learnsValues() throws Exception {
    Outcome outcome = run("values", plans.regression());

    assertThat(outcome.best().getLoss()).isLessThan(0.2);
    assertThat(outcome.best().getMetricsMap()).containsOnlyKeys("mse", "mae", "pearson");
    ModelConfig config = ModelConfig.read(outcome.model().resolve("config.json"));
    assertThat(config.requireString("problem_type")).isEqualTo("regression");
    assertThat(config.labels()).containsExactly("label");
    try (TextClassification model =
        TextClassification.load(outcome.model(), executor, Precision.FLOAT32)) {
      List<List<LabelScore>> scores =
          model.predict(List.of("refund my invoice", "the parcel is lost"), Optional.empty(), 1);
      assertThat(scores.get(0).getFirst().score()).isGreaterThan(1);
      assertThat(scores.get(1).getFirst().score()).isLessThan(0.5);
    }
  }

  @Test
  void saysThatATaskIsNotTrainedFor() {
    Reports reports =
        surroundings.training.add(
            "fineTuneJobs/masks", plans.textGeneration().setTask("fill-mask").build());
    surroundings.awaitIdle().assign("fineTuneJobs/masks", 1);

    await().atMost(Duration.ofSeconds(60)).until(() -> !reports.failures.isEmpty());

    assertThat(reports.failures.getFirst().getMessage()).contains("\"fill-mask\"");
  }

  /** The loss has fallen to this part of the untrained model's, or further. */
  private static void assertLearned(Outcome outcome, double part) {
    assertThat(outcome.best().getLoss()).isLessThan(part * outcome.before().getLoss());
  }

  private static Outcome run(String name, TrainingPlan.Builder plan) throws IOException {
    Reports reports = surroundings.training.add("fineTuneJobs/" + name, plan.build());
    surroundings.awaitIdle().assign("fineTuneJobs/" + name, 1);
    await()
        .atMost(Duration.ofSeconds(120))
        .until(() -> !reports.results.isEmpty() || !reports.failures.isEmpty());
    assertThat(reports.failures).isEmpty();
    ReportResultRequest result = reports.results.getFirst();
    Path model =
        new CheckoutCache(surroundings.store(), directory.resolve("results"))
            .checkout(result.getFilesList().stream().map(StoredFile::fromProto).toList());
    return new Outcome(
        reports.validations.getFirst(),
        result.getBest(),
        model,
        CheckpointInspection.inspect(model));
  }
}
