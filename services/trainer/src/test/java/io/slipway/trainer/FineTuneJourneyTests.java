package io.slipway.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slipway.artifacts.Digest;
import io.slipway.common.v1.ArtifactFile;
import io.slipway.common.v1.JobState;
import io.slipway.dataset.v1.ColumnMapping;
import io.slipway.dataset.v1.DatasetFormat;
import io.slipway.finetune.testing.FineTuneEvents;
import io.slipway.finetune.v1.FineTuneJob;
import io.slipway.finetune.v1.Hyperparameters;
import io.slipway.finetune.v1.LoraConfig;
import io.slipway.finetune.v1.ValidationPoint;
import io.slipway.process.ChildProcess;
import io.slipway.registry.v1.FineTuneOrigin;
import io.slipway.registry.v1.ModelVersion;
import io.slipway.registry.v1.ModelVersion.Verification;
import io.slipway.trainer.testing.FineTunePlatform;
import io.slipway.trainer.testing.TaskPlans;
import io.slipway.trainer.testing.TinyBert;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a base on the hub and an uploaded dataset to a version in the registry. */
class FineTuneJourneyTests {

  private static final int STEPS_PER_EPOCH = 24;

  @TempDir private static Path directory;
  private static FineTunePlatform platform;
  private static String encoder;
  private static String messages;

  @BeforeAll
  static void start() throws IOException {
    platform = new FineTunePlatform(directory);
    TinyBert.write(platform.repository("acme/encoder"), 0.05);
    encoder = platform.imported("acme/encoder");
    messages = platform.dataset(DatasetFormat.DATASET_FORMAT_CSV, TinyBert.dataset(240));
  }

  @AfterAll
  static void stop() {
    platform.close();
  }

  @Test
  void resumesAtTheCheckpointWhenTheTrainerIsKilledAndEndsWithOneResult() {
    FineTuneJob job;
    try (ChildProcess victim = platform.startTrainer("victim")) {
      platform.awaitTrainer();
      job = platform.fineTune.create(classifier(20, "acme/resumed"));
      await()
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(20))
          .until(() -> platform.fineTune.get(job.getName()).getValidationsCount() >= 3);

      victim.kill9();
    }
    try (ChildProcess heir = platform.startTrainer("heir")) {
      FineTuneJob done = platform.awaitEnd(job, JobState.JOB_STATE_SUCCEEDED);

      assertThat(heir.isAlive()).isTrue();
      assertThat(done.getStatus().getAttempt()).isEqualTo(2);
      assertThat(done.getProgress().getResumedFromStep()).isPositive();
      assertThat(done.getProgress().getStep()).isEqualTo(20 * STEPS_PER_EPOCH);
      assertThat(done.getValidationsList())
          .extracting(ValidationPoint::getStep)
          .isSorted()
          .doesNotHaveDuplicates()
          .hasSize(21);
      assertThat(done.getValidationsList().getFirst().getAccuracy()).isLessThan(0.8);
      assertThat(done.getValidationsList().getLast().getAccuracy()).isGreaterThanOrEqualTo(0.9);
      ModelVersion version = onlyVersion(done);
      assertThat(version.getTask()).isEqualTo("text-classification");
      assertThat(version.getLabelsList()).containsExactly("money", "parcel");
      assertThat(version.getVerification()).isEqualTo(Verification.VERIFICATION_SMOKE_RUN);
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> FineTuneEvents.about(job.getName()).size() == 1);
    }
  }

  @Test
  void stopsTheTrainerOfACancelledJob() {
    try (ChildProcess trainer = platform.startTrainer("cancelled")) {
      platform.awaitTrainer();
      FineTuneJob job = platform.fineTune.create(classifier(900, "acme/cancelled"));
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> platform.fineTune.get(job.getName()).getProgress().getStep() > 0);

      platform.fineTune.cancel(job.getName());

      platform.awaitEnd(job, JobState.JOB_STATE_CANCELLED);
      platform.awaitTrainer();
      assertThat(trainer.isAlive()).isTrue();
      assertThat(platform.versions("acme/cancelled")).isEmpty();
    }
  }

  @Test
  void registersATaggerThatWasTunedThroughAnAdapterAndSaysThatNoWorkerHasTriedIt()
      throws IOException {
    Path repository = platform.repository("acme/tagger");
    for (Path file : TaskPlans.checkpoint("token-classification")) {
      Files.copy(file, repository.resolve(file.getFileName()));
    }
    String base = platform.imported("acme/tagger");
    String days = platform.dataset(DatasetFormat.DATASET_FORMAT_JSONL, TaskPlans.taggedWords());
    try (ChildProcess _ = platform.startTrainer("tagger")) {
      platform.awaitTrainer();

      FineTuneJob job =
          platform.fineTune.create(
              FineTuneJob.newBuilder()
                  .setBaseVersion(base)
                  .setDataset(days)
                  .setHyperparameters(
                      hyperparameters(8)
                          .setLora(
                              LoraConfig.newBuilder()
                                  .setR(4)
                                  .setLoraAlpha(16)
                                  .addTargetModules("query")
                                  .addTargetModules("value")))
                  .setOutputModelId("acme/days"));
      FineTuneJob done = platform.awaitEnd(job, JobState.JOB_STATE_SUCCEEDED);

      assertThat(done.getTask()).isEqualTo("token-classification");
      assertThat(done.getColumns())
          .isEqualTo(ColumnMapping.newBuilder().setTokens("tokens").setTags("tags").build());
      assertThat(done.getProgress().getStep()).isEqualTo(done.getProgress().getTotalSteps());
      assertThat(done.getValidationsList()).hasSize(9);
      assertThat(done.getValidationsList().getLast().getMetricsMap())
          .containsOnlyKeys("f1", "precision", "recall", "accuracy");
      assertThat(done.getValidationsList().getLast().getLoss())
          .isLessThan(0.8 * done.getValidationsList().getFirst().getLoss());
      ModelVersion version = onlyVersion(done);
      assertThat(version.getTask()).isEqualTo("token-classification");
      assertThat(version.getLabelsList()).containsExactly("B-DAY", "O");
      assertThat(version.getVerification()).isEqualTo(Verification.VERIFICATION_FILES);
      assertThat(version.getFilesList())
          .extracting(ArtifactFile::getPath)
          .contains("adapter/adapter_config.json", "adapter/adapter_model.safetensors");
      assertThat(platform.importing.compute.acquired)
          .noneMatch(grant -> grant.getHolder().equals(version.getImport()));
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () ->
                  assertThat(platform.lineage(version.getName()))
                      .contains(base, days, job.getName(), version.getName()));
    }
  }

  private static FineTuneJob.Builder classifier(int epochs, String output) {
    return FineTuneJob.newBuilder()
        .setBaseVersion(encoder)
        .setDataset(messages)
        .setHyperparameters(hyperparameters(epochs))
        .setOutputModelId(output);
  }

  private static Hyperparameters.Builder hyperparameters(int epochs) {
    return Hyperparameters.newBuilder()
        .setEpochs(epochs)
        .setBatchSize(8)
        .setLearningRate(5e-3)
        .setWarmupRatio(0.1);
  }

  /** The version that a job has made, with its origin and files, when it made no other. */
  private static ModelVersion onlyVersion(FineTuneJob done) {
    assertThat(platform.versions(done.getOutputModelId()))
        .extracting(ModelVersion::getName)
        .containsExactly(done.getOutputVersion());
    ModelVersion version = platform.versions(done.getOutputModelId()).getFirst();
    assertThat(version.getOrigin().getFineTune())
        .isEqualTo(
            FineTuneOrigin.newBuilder()
                .setFineTuneJob(done.getName())
                .setBaseVersion(done.getBaseVersion())
                .setDataset(done.getDataset())
                .build());
    assertThat(version.getFilesList())
        .extracting(ArtifactFile::getPath)
        .contains("config.json", "model.safetensors", "tokenizer.json", "README.md");
    assertThat(version.getFilesList())
        .allMatch(file -> platform.store().contains(Digest.of(file.getSha256())));
    return version;
  }
}
