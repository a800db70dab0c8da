package io.slipway.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.slipway.artifacts.Digest;
import io.slipway.common.v1.ArtifactFile;
import io.slipway.common.v1.JobState;
import io.slipway.deployment.v1.Grant;
import io.slipway.embedded.testing.SharedInfrastructure;
import io.slipway.finetune.testing.FineTuneEvents;
import io.slipway.finetune.testing.Material;
import io.slipway.finetune.testing.Neighbours;
import io.slipway.finetune.testing.RunningFineTune;
import io.slipway.finetune.v1.FineTuneJob;
import io.slipway.finetune.v1.Hyperparameters;
import io.slipway.finetune.v1.ValidationPoint;
import io.slipway.imports.v1.FineTuneSource;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.process.ChildProcess;
import io.slipway.trainer.testing.ControlStandIn;
import io.slipway.trainer.testing.ControlStandIn.Connected;
import io.slipway.trainer.testing.TinyBert;
import io.slipway.trainer.testing.TrainerJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real service, on PostgreSQL and Kafka, and real trainers in processes of their own. */
class FineTuneJourneyTests {

  @TempDir private Path directory;
  private final ControlStandIn control = new ControlStandIn();
  private Neighbours neighbours;
  private Material material;
  private RunningFineTune service;
  private Server controlServer;

  @BeforeEach
  void start() throws IOException {
    neighbours = new Neighbours();
    material = new Material(directory.resolve("store"), neighbours);
    material.checkpoint(Material.BASE, TinyBert.write(directory.resolve("base"), 0.05));
    material.dataset(Material.DATASET, TinyBert.dataset(240));
    service =
        RunningFineTune.start(SharedInfrastructure.newDatabase(), neighbours, material.root());
    controlServer =
        Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
            .addService(control)
            .build()
            .start();
    control.onReport(this::assignWhatWaits);
    control.onLoss(this::failWhatItRan);
    neighbours.compute.onChange(this::stopWhatHasEnded);
  }

  @AfterEach
  void stop() {
    service.close();
    controlServer.shutdownNow();
    neighbours.close();
  }

  @Test
  void resumesAtTheCheckpointWhenTheTrainerIsKilledAndEndsWithOneResult() {
    FineTuneJob job;
    try (ChildProcess victim = startTrainer("victim")) {
      awaitTrainer();
      job = service.create(job(20));
      await()
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(20))
          .until(() -> service.get(job.getName()).getValidationsCount() >= 3);

      victim.kill9();
    }
    try (ChildProcess heir = startTrainer("heir")) {
      FineTuneJob done = awaitEnd(job, JobState.JOB_STATE_SUCCEEDED);

      assertThat(heir.isAlive()).isTrue();
      assertThat(done.getStatus().getAttempt()).isEqualTo(2);
      assertThat(done.getProgress().getResumedFromStep()).isPositive();
      assertThat(done.getProgress().getStep()).isEqualTo(20 * 24);
      assertThat(done.getOutputVersion()).isEqualTo("models/acme/tuned/versions/1");
      assertThat(done.getValidationsList())
          .extracting(ValidationPoint::getStep)
          .isSorted()
          .doesNotHaveDuplicates()
          .hasSize(21);
      assertThat(done.getValidationsList().getFirst().getAccuracy()).isLessThan(0.8);
      assertThat(done.getValidationsList().getLast().getAccuracy()).isGreaterThanOrEqualTo(0.9);
      assertThat(neighbours.imports.of(job.getName())).hasSize(1);
      assertResultIsStored(neighbours.imports.of(job.getName()).getFirst().getFineTune());
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> FineTuneEvents.about(job.getName()).size() == 1);
    }
  }

  @Test
  void stopsTheTrainerOfACancelledJob() {
    try (ChildProcess trainer = startTrainer("cancelled")) {
      awaitTrainer();
      FineTuneJob job = service.create(job(900));
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> service.get(job.getName()).getProgress().getStep() > 0);

      service.cancel(job.getName());

      awaitEnd(job, JobState.JOB_STATE_CANCELLED);
      awaitTrainer();
      assertThat(trainer.isAlive()).isTrue();
      assertThat(neighbours.imports.of(job.getName())).isEmpty();
    }
  }

  private static FineTuneJob.Builder job(int epochs) {
    return Material.job()
        .setHyperparameters(
            Hyperparameters.newBuilder()
                .setEpochs(epochs)
                .setBatchSize(8)
                .setLearningRate(5e-3)
                .setWarmupRatio(0.1));
  }

  private ChildProcess startTrainer(String name) {
    return TrainerJvm.start(
        material.root(),
        directory.resolve("work"),
        name,
        "static://127.0.0.1:" + controlServer.getPort(),
        "static://127.0.0.1:" + service.port());
  }

  private void awaitTrainer() {
    await()
        .atMost(Duration.ofSeconds(90))
        .until(() -> control.connected().stream().anyMatch(Connected::isIdle));
  }

  /**
   * What the deployment service does, in its simplest form: an idle trainer gets the grant that
   * waits.
   */
  private void assignWhatWaits(Connected trainer) {
    if (trainer.isIdle()) {
      neighbours
          .compute
          .pending()
          .ifPresent(grant -> trainer.assign(grant.getHolder(), grant.getAttempt()));
    } else {
      String job = trainer.state().getRun().getJob();
      neighbours
          .compute
          .current(job)
          .filter(grant -> grant.getState() == Grant.State.STATE_PENDING)
          .ifPresent(neighbours.compute::ready);
    }
  }

  private void failWhatItRan(Connected trainer) {
    neighbours
        .compute
        .current(trainer.state().getRun().getJob())
        .ifPresent(
            grant -> neighbours.compute.fail(grant, ErrorCode.WORKER_LOST, "its process has died"));
  }

  private void stopWhatHasEnded(Grant grant) {
    if (grant.getState() == Grant.State.STATE_ENDED) {
      control
          .connected()
          .forEach(trainer -> trainer.stopRun(grant.getHolder(), grant.getAttempt()));
    }
  }

  private FineTuneJob awaitEnd(FineTuneJob job, JobState state) {
    await()
        .atMost(Duration.ofSeconds(120))
        .untilAsserted(() -> assertThat(service.state(job.getName())).isEqualTo(state));
    return service.get(job.getName());
  }

  private void assertResultIsStored(FineTuneSource result) {
    assertThat(result.getFilesList())
        .extracting(ArtifactFile::getPath)
        .contains("config.json", "model.safetensors", "tokenizer.json", "README.md");
    assertThat(result.getFilesList())
        .allMatch(file -> material.store().contains(Digest.of(file.getSha256())));
  }
}
