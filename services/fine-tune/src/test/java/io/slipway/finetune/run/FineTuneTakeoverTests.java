package io.slipway.finetune.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slipway.artifacts.StoredFile;
import io.slipway.common.v1.JobState;
import io.slipway.embedded.testing.SharedInfrastructure;
import io.slipway.embedded.testing.SharedInfrastructure.Database;
import io.slipway.finetune.testing.FineTuneEvents;
import io.slipway.finetune.testing.Material;
import io.slipway.finetune.testing.Neighbours;
import io.slipway.finetune.testing.RunningFineTune;
import io.slipway.finetune.testing.ScriptedTrainer;
import io.slipway.finetune.v1.FineTuneJob;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service dies while a job runs; another process of it takes the job over. */
class FineTuneTakeoverTests {

  @TempDir private Path directory;
  private final Database database = SharedInfrastructure.newDatabase();
  private Neighbours neighbours;
  private Material material;

  @BeforeEach
  void start() {
    neighbours = new Neighbours();
    material = new Material(directory.resolve("store"), neighbours);
    material.configOnly(Material.BASE, Material.bertConfig("yes", "no"));
    material.dataset(Material.DATASET, Material.rows(100, "no", "yes"));
  }

  @AfterEach
  void stop() {
    neighbours.close();
  }

  @Test
  void goesOnAtTheCheckpointWhenTheProcessIsKilledDuringTraining() {
    FineTuneJob job;
    try (RunningFineTune victim = startVictim()) {
      job = createOnceReady(victim);
      ScriptedTrainer trainer = trainerOf(victim, job, 1);
      trainer.plan();
      trainer.checkpoint(40, material.file("state/model.safetensors", "weights at 40"));

      victim.process().kill9();
    }
    try (RunningFineTune heir = RunningFineTune.start(database, neighbours, material.root())) {
      ScriptedTrainer trainer = trainerOf(heir, job, 2);

      assertThat(trainer.plan().getResumeFrom().getStep()).isEqualTo(40);
      trainer.result(material.file("model.safetensors", "weights"), 0.9);
      awaitSuccess(heir, job);
      assertThat(neighbours.imports.of(job.getName())).hasSize(1);
    }
  }

  @Test
  void registersTheResultOnceWhenTheProcessIsKilledDuringTheImport() {
    neighbours.imports.hold();
    FineTuneJob job;
    StoredFile weights = material.file("model.safetensors", "weights");
    try (RunningFineTune victim = startVictim()) {
      job = createOnceReady(victim);
      trainerOf(victim, job, 1).result(weights, 0.9);
      await().until(() -> !neighbours.imports.of(job.getName()).isEmpty());

      victim.process().kill9();
    }
    neighbours.imports.letGo();
    try (RunningFineTune heir = RunningFineTune.start(database, neighbours, material.root())) {
      awaitSuccess(heir, job);

      assertThat(heir.get(job.getName()).getStatus().getAttempt()).isEqualTo(2);
      // No second trainer and no second import; one fact.
      assertThat(neighbours.compute.of(job.getName())).hasSize(1);
      assertThat(neighbours.imports.of(job.getName())).hasSize(1);
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> FineTuneEvents.about(job.getName()).size() == 1);
    }
  }

  private RunningFineTune startVictim() {
    return RunningFineTune.startInItsOwnJvm(
        database, neighbours, material.root(), directory.resolve("victim.log"));
  }

  private static FineTuneJob createOnceReady(RunningFineTune service) {
    return await()
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofMillis(250))
        .ignoreExceptions()
        .until(() -> service.create(Material.job(), "the-one"), job -> !job.getName().isEmpty());
  }

  private ScriptedTrainer trainerOf(RunningFineTune service, FineTuneJob job, int attempt) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                neighbours
                    .compute
                    .current(job.getName())
                    .filter(grant -> grant.getAttempt() == attempt)
                    .isPresent());
    return new ScriptedTrainer(service.training(), job.getName(), attempt);
  }

  private static void awaitSuccess(RunningFineTune service, FineTuneJob job) {
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> assertThat(service.state(job.getName())).isEqualTo(JobState.JOB_STATE_SUCCEEDED));
  }
}
