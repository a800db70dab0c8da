package io.slipway.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.slipway.artifacts.CheckoutCache;
import io.slipway.artifacts.Digest;
import io.slipway.artifacts.StoredFile;
import io.slipway.common.v1.ArtifactFile;
import io.slipway.deployment.v1.WorkerKind;
import io.slipway.finetune.testing.RunningFineTune;
import io.slipway.finetune.v1.Checkpoint;
import io.slipway.finetune.v1.EarlyStopping;
import io.slipway.finetune.v1.ReportResultRequest;
import io.slipway.finetune.v1.TrainingProgress;
import io.slipway.finetune.v1.ValidationPoint;
import io.slipway.modelfiles.CheckpointInspection;
import io.slipway.modelfiles.InspectedCheckpoint;
import io.slipway.modelfiles.adapter.AdapterCheckpoint;
import io.slipway.modelfiles.adapter.LowRankTensors;
import io.slipway.modelfiles.safetensors.SafetensorsFile;
import io.slipway.process.ChildProcess;
import io.slipway.trainer.testing.ControlStandIn.Connected;
import io.slipway.trainer.testing.TrainerSurroundings;
import io.slipway.trainer.testing.TrainingStandIn.Reports;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One trainer of a pool, in its own process, given one run after another. */
class TrainingRunTests {

  private static final int ENDLESS = 900;
  private static final int HEALTH_PORT = RunningFineTune.freePort();

  @TempDir private static Path directory;
  private static TrainerSurroundings surroundings;
  private static ChildProcess trainer;

  @BeforeAll
  static void start() {
    surroundings = new TrainerSurroundings(directory);
    trainer =
        surroundings.startTrainer(
            "pool",
            "--slipway.worker.launch-id=launch-1",
            "--spring.main.web-application-type=servlet",
            "--slipway.http.port=" + HEALTH_PORT);
    surroundings.awaitIdle();
  }

  @AfterAll
  static void stop() {
    trainer.close();
    surroundings.close();
  }

  @AfterEach
  void isReadyForTheNextRun() {
    surroundings.control.comeBack();
    surroundings.training.comeBack();
    surroundings.awaitIdle();
    assertThat(trainer.isAlive()).isTrue();
  }

  @Test
  void introducesItself() {
    Connected worker = surroundings.awaitIdle();

    assertThat(worker.hello().getKind()).isEqualTo(WorkerKind.WORKER_KIND_TRAINER);
    assertThat(worker.hello().getLaunchId()).isEqualTo("launch-1");
    assertThat(worker.hello().getDevice()).isEqualTo(io.slipway.common.v1.Device.DEVICE_CPU);
    assertThat(worker.hello().getMemoryBytes()).isPositive();
    assertThat(worker.hello().getAddress()).isEmpty();
  }

  @Test
  void saysThatItIsReady() throws IOException, InterruptedException {
    URI readiness = URI.create("http://127.0.0.1:" + HEALTH_PORT + "/actuator/health/readiness");
    try (HttpClient client = HttpClient.newHttpClient()) {
      var answer =
          client.send(
              HttpRequest.newBuilder(readiness).build(), HttpResponse.BodyHandlers.ofString());

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).contains("UP");
    }
  }

  @Test
  void trainsAnUntrainedModelToAGoodOneInHubLayout() throws IOException {
    Reports reports = surroundings.training.add("fineTuneJobs/good", surroundings.plan(6).build());
    surroundings.awaitIdle().assign("fineTuneJobs/good", 1);
    ReportResultRequest result = awaitResult(reports);

    List<ValidationPoint> validations = reports.validations;
    assertThat(validations)
        .extracting(ValidationPoint::getStep)
        .containsExactly(0, 24, 48, 72, 96, 120, 144);
    assertThat(validations.getFirst().getAccuracy()).isLessThan(0.8);
    assertThat(result.getBest().getAccuracy()).isGreaterThanOrEqualTo(0.9);
    assertThat(validations).contains(result.getBest());
    assertThat(result.getBest().getMacroF1())
        .isEqualTo(
            validations.stream().skip(1).mapToDouble(ValidationPoint::getMacroF1).max().orElse(0));
    assertThat(validations.getLast().getTrainLoss()).isLessThan(validations.get(1).getTrainLoss());

    assertThat(reports.progress).extracting(TrainingProgress::getStep).isSorted();
    TrainingProgress last = reports.progress.getLast();
    assertThat(last.getStep()).isEqualTo(6 * TrainerSurroundings.STEPS_PER_EPOCH);
    assertThat(last.getTotalSteps()).isEqualTo(last.getStep());
    assertThat(last.getEpoch()).isEqualTo(6);
    assertThat(last.getResumedFromStep()).isZero();
    assertThat(reports.progress).anyMatch(p -> p.getRowsPerSecond() > 0 && p.getLoss() > 0);

    Path model =
        new CheckoutCache(surroundings.store(), directory.resolve("results"))
            .checkout(result.getFilesList().stream().map(StoredFile::fromProto).toList());
    InspectedCheckpoint inspected = CheckpointInspection.inspect(model);
    assertThat(inspected.architecture()).isEqualTo("BertForSequenceClassification");
    assertThat(inspected.labels()).containsExactly("money", "parcel");
    assertThat(inspected.verdict().servable()).isTrue();
    assertThat(Files.readString(model.resolve("README.md")))
        .contains("base_model: acme/tiny", "datasets/messages", "| learning rate | 0.005 |");
    assertThat(model.resolve("tokenizer_config.json")).exists();
  }

  @Test
  void trainsAnAdapterAndStoresItBesideTheMergedModel() throws IOException {
    Reports reports =
        surroundings.training.add(
            "fineTuneJobs/adapter", surroundings.adapterPlan(12, "query", "value").build());
    surroundings.awaitIdle().assign("fineTuneJobs/adapter", 1);
    ReportResultRequest result = awaitResult(reports);

    assertThat(result.getBest().getAccuracy()).isGreaterThanOrEqualTo(0.9);
    Path model =
        new CheckoutCache(surroundings.store(), directory.resolve("results"))
            .checkout(result.getFilesList().stream().map(StoredFile::fromProto).toList());
    assertThat(CheckpointInspection.inspect(model).verdict().servable()).isTrue();
    assertThat(Files.readString(model.resolve("README.md")))
        .contains("- lora", "in `adapter/`", "| LoRA rank, alpha, dropout | 4, 16.0, 0.1 |");
    String query = "encoder.layer.0.attention.self.query";
    try (AdapterCheckpoint adapter = AdapterCheckpoint.open(model.resolve("adapter"));
        SafetensorsFile merged = SafetensorsFile.open(model.resolve("model.safetensors"));
        SafetensorsFile base =
            SafetensorsFile.open(directory.resolve("base-0.05/model.safetensors"))) {
      assertThat(adapter.config().baseModel().orElseThrow().name()).isEqualTo("acme/tiny");
      assertThat(adapter.lowRank().keySet())
          .containsExactlyInAnyOrder("bert." + query, "bert." + query.replace("query", "value"));
      assertThat(adapter.saved()).containsKeys("classifier.weight", "classifier.bias");
      float[] before = floats(base, query + ".weight");
      float[] after = floats(merged, "bert." + query + ".weight");
      float[] change = product(adapter.lowRank().get("bert." + query), 16 / 4.0);
      for (int i = 0; i < after.length; i++) {
        assertThat(after[i]).isCloseTo(before[i] + change[i], within(1e-5f));
      }
      assertThat(change).isNotEqualTo(new float[change.length]);
      assertThat(floats(merged, "bert.encoder.layer.0.output.dense.weight"))
          .isEqualTo(floats(base, "encoder.layer.0.output.dense.weight"));
    }
  }

  @Test
  void trainsForTextsThatHaveAnyNumberOfLabels() throws IOException {
    Reports reports =
        surroundings.training.add("fineTuneJobs/several", surroundings.multiLabelPlan(40).build());
    surroundings.awaitIdle().assign("fineTuneJobs/several", 1);
    ReportResultRequest result = awaitResult(reports);

    assertThat(reports.validations.getFirst().getAccuracy()).isLessThan(0.6);
    assertThat(result.getBest().getAccuracy())
        .as("the best of %s", reports.validations)
        .isGreaterThanOrEqualTo(0.85);
    Path model =
        new CheckoutCache(surroundings.store(), directory.resolve("results"))
            .checkout(result.getFilesList().stream().map(StoredFile::fromProto).toList());
    InspectedCheckpoint inspected = CheckpointInspection.inspect(model);
    assertThat(inspected.labels()).containsExactly("money", "parcel");
    assertThat(inspected.verdict().servable()).isTrue();
    assertThat(Files.readString(model.resolve("config.json")))
        .contains("multi_label_classification");
    assertThat(Files.readString(model.resolve("README.md"))).contains("any number may hold");
  }

  private static float[] floats(SafetensorsFile file, String name) {
    return Objects.requireNonNull(file.tensors().get(name), name)
        .data()
        .toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
  }

  /** scale B A, row by row. */
  private static float[] product(LowRankTensors lowRank, double scale) {
    float[] a = lowRank.a().data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    float[] b = lowRank.b().data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    int rank = Math.toIntExact(lowRank.a().shape().getFirst());
    int inputs = a.length / rank;
    float[] product = new float[b.length / rank * inputs];
    for (int i = 0; i < product.length; i++) {
      for (int r = 0; r < rank; r++) {
        product[i] += (float) (scale * b[i / inputs * rank + r] * a[r * inputs + i % inputs]);
      }
    }
    return product;
  }

  @Test
  void saysWhichLayersAnAdapterCannotChange() {
    Reports reports =
        surroundings.training.add(
            "fineTuneJobs/nowhere", surroundings.adapterPlan(1, "q_proj").build());
    surroundings.awaitIdle().assign("fineTuneJobs/nowhere", 1);

    await().atMost(Duration.ofSeconds(30)).until(() -> !reports.failures.isEmpty());

    assertThat(reports.failures.getFirst().getReason()).isEqualTo("INVALID_ARGUMENT");
    assertThat(reports.failures.getFirst().getMessage()).contains("\"q_proj\"", "query");
  }

  @Test
  void endsEarlyWhenValidationsGetNoBetter() {
    var plan = surroundings.plan(40);
    plan.getHyperparametersBuilder()
        .setMicroBatchSize(4)
        .setGradientCheckpointing(true)
        .setPrecision("bf16")
        .setLrSchedulerType("constant")
        .setLabelSmoothing(0.1)
        .setMetricForBestModel("loss")
        .setEarlyStopping(EarlyStopping.newBuilder().setPatience(2).setThreshold(0.02));
    plan.addClassWeights(1).addClassWeights(2);
    Reports reports = surroundings.training.add("fineTuneJobs/early", plan.build());
    surroundings.awaitIdle().assign("fineTuneJobs/early", 1);
    ReportResultRequest result = awaitResult(reports);

    TrainingProgress last = reports.progress.getLast();
    assertThat(last.getStep()).isLessThan(last.getTotalSteps());
    assertThat(last.getLearningRate()).isEqualTo(5e-3);
    assertThat(result.getBest().getLoss())
        .isEqualTo(
            reports.validations.stream()
                .skip(1)
                .mapToDouble(ValidationPoint::getLoss)
                .min()
                .orElseThrow());
    assertThat(result.getBest().getAccuracy()).isGreaterThanOrEqualTo(0.9);
  }

  @Test
  void keepsOnlyTheLastCheckpoint() {
    Reports reports =
        surroundings.training.add("fineTuneJobs/checkpoints", surroundings.plan(2).build());
    surroundings.awaitIdle().assign("fineTuneJobs/checkpoints", 1);
    awaitResult(reports);

    List<Checkpoint> checkpoints = reports.checkpoints;
    assertThat(checkpoints).hasSizeGreaterThanOrEqualTo(2);
    assertThat(checkpoints.getLast().getFilesList())
        .allSatisfy(file -> assertThat(isStored(file)).isTrue())
        .extracting(ArtifactFile::getPath)
        .contains(
            "state/model.safetensors",
            "state/optimizer.safetensors",
            "state/training.json",
            "best/model.safetensors",
            "best/config.json",
            "best.json");
    assertThat(checkpoints.subList(0, checkpoints.size() - 1))
        .allSatisfy(
            older ->
                assertThat(older.getFilesList())
                    .filteredOn(file -> file.getPath().equals("state/optimizer.safetensors"))
                    .noneMatch(TrainingRunTests::isStored));
  }

  @Test
  void endsWithTheLastStateWhenNothingIsValidated() {
    var plan = surroundings.plan(1);
    plan.getSplitBuilder().setValidationFraction(0);
    Reports reports = surroundings.training.add("fineTuneJobs/blind", plan.build());
    surroundings.awaitIdle().assign("fineTuneJobs/blind", 1);

    ReportResultRequest result = awaitResult(reports);

    assertThat(result.hasBest()).isFalse();
    assertThat(reports.validations).isEmpty();
    assertThat(result.getFilesList())
        .extracting(ArtifactFile::getPath)
        .contains("config.json", "model.safetensors", "tokenizer.json", "README.md");
  }

  @Test
  void stopsWithoutAResultWhenItIsToldTo() {
    Reports reports = beginEndless("fineTuneJobs/stopped");
    Connected worker = busy();

    worker.stopRun("fineTuneJobs/stopped", 1);

    surroundings.awaitIdle();
    assertNoOutcome(reports);
  }

  @Test
  void goesOnWhenAnOlderAttemptIsStopped() {
    Reports reports =
        surroundings.training.add("fineTuneJobs/newer", surroundings.plan(ENDLESS).build());
    reports.takeOver(5);
    surroundings.awaitIdle().assign("fineTuneJobs/newer", 5);
    awaitSteps(reports, 1);

    busy().stopRun("fineTuneJobs/newer", 4);
    awaitSteps(reports, reports.progress.getLast().getStep() + 50);

    busy().stopRun("fineTuneJobs/newer", 6);
    surroundings.awaitIdle();
  }

  @Test
  void stopsWhenAnotherAttemptHasTheJob() {
    Reports reports = beginEndless("fineTuneJobs/stale");

    reports.takeOver(2);

    surroundings.awaitIdle();
    assertNoOutcome(reports);
  }

  @Test
  void takesANewerAttemptInPlaceOfTheOneThatItRuns() {
    Reports reports = beginEndless("fineTuneJobs/replaced");

    reports.takeOver(2);
    busy().assign("fineTuneJobs/replaced", 2);

    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                surroundings.control.connected().stream()
                    .anyMatch(worker -> worker.state().getRun().getAttempt() == 2));
    busy().stopRun("fineTuneJobs/replaced", 2);
  }

  @Test
  void stopsWhenTheUserWantsItTo() {
    Reports reports = beginEndless("fineTuneJobs/cancelled");

    reports.cancel();

    surroundings.awaitIdle();
    assertNoOutcome(reports);
  }

  @Test
  void outlivesAShortAbsenceOfBothServices() {
    Reports reports = beginEndless("fineTuneJobs/patient");

    surroundings.control.goAway();
    surroundings.training.goAway();
    await().during(Duration.ofMillis(500)).until(() -> true);
    surroundings.control.comeBack();
    surroundings.training.comeBack();

    awaitSteps(reports, reports.progress.getLast().getStep() + 50);
    await().until(() -> !surroundings.control.connected().isEmpty());
    busy().stopRun("fineTuneJobs/patient", 1);
    surroundings.awaitIdle();
  }

  @Test
  void endsItsRunWhenItIsUncontrolledForTooLong() {
    Reports reports = beginEndless("fineTuneJobs/uncontrolled");

    surroundings.control.goAway();

    awaitStandstill(reports);
    surroundings.control.comeBack();
    surroundings.awaitIdle();
    assertNoOutcome(reports);
  }

  @Test
  void endsItsRunWhenNobodyTakesItsReportsForTooLong() {
    Reports reports = beginEndless("fineTuneJobs/unheard");

    surroundings.training.goAway();

    surroundings.awaitIdle();
    surroundings.training.comeBack();
    assertNoOutcome(reports);
  }

  @Test
  void saysThatTrainingHasDiverged() {
    Reports reports =
        surroundings.training.add(
            "fineTuneJobs/diverged", surroundings.plan(2, Double.NaN).build());
    surroundings.awaitIdle().assign("fineTuneJobs/diverged", 1);

    await().atMost(Duration.ofSeconds(30)).until(() -> !reports.failures.isEmpty());

    assertThat(reports.failures.getFirst().getReason()).isEqualTo("TRAINING_DIVERGED");
    assertThat(reports.failures.getFirst().getMessage()).contains("NaN");
    assertThat(reports.results).isEmpty();
  }

  @Test
  void saysThatTheDatasetIsGone() {
    String nowhere = Digest.ofText("nowhere").hex();
    Reports reports =
        surroundings.training.add(
            "fineTuneJobs/gone", surroundings.plan(2).setDatasetSha256(nowhere).build());
    surroundings.awaitIdle().assign("fineTuneJobs/gone", 1);

    await().atMost(Duration.ofSeconds(30)).until(() -> !reports.failures.isEmpty());

    assertThat(reports.failures.getFirst().getMessage()).contains(nowhere);
  }

  private static Reports beginEndless(String job) {
    Reports reports = surroundings.training.add(job, surroundings.plan(ENDLESS).build());
    surroundings.awaitIdle().assign(job, 1);
    awaitSteps(reports, 1);
    return reports;
  }

  private static Connected busy() {
    return surroundings.control.connected().getFirst();
  }

  private static ReportResultRequest awaitResult(Reports reports) {
    await().atMost(Duration.ofSeconds(60)).until(() -> !reports.results.isEmpty());
    surroundings.awaitIdle();
    assertThat(reports.results).hasSize(1);
    return reports.results.getFirst();
  }

  private static void awaitSteps(Reports reports, int steps) {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> !reports.progress.isEmpty() && reports.progress.getLast().getStep() >= steps);
  }

  /** Nothing is reported for a second. */
  private static void awaitStandstill(Reports reports) {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              int before = reports.progress.size();
              await().during(Duration.ofSeconds(1)).until(() -> true);
              return reports.progress.size() == before;
            });
  }

  private static void assertNoOutcome(Reports reports) {
    assertThat(reports.results).isEmpty();
    assertThat(reports.failures).isEmpty();
  }

  private static boolean isStored(ArtifactFile file) {
    return surroundings.store().contains(Digest.of(file.getSha256()));
  }
}
