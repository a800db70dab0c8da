package io.slipway.finetune.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.StatusRuntimeException;
import io.slipway.artifacts.StoredFile;
import io.slipway.common.v1.JobState;
import io.slipway.deployment.v1.Grant;
import io.slipway.embedded.testing.SharedInfrastructure;
import io.slipway.events.v1.Event;
import io.slipway.finetune.testing.FineTuneEvents;
import io.slipway.finetune.testing.Material;
import io.slipway.finetune.testing.Neighbours;
import io.slipway.finetune.testing.RunningFineTune;
import io.slipway.finetune.testing.ScriptedTrainer;
import io.slipway.finetune.v1.FineTuneJob;
import io.slipway.finetune.v1.TrainingPlan;
import io.slipway.finetune.v1.ValidationPoint;
import io.slipway.finetune.v1.WatchFineTuneJobRequest;
import io.slipway.imports.v1.Import;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.GrpcErrors;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job from its acceptance to its end, with a trainer that does what the test says. */
class FineTuneRunTests {

  @TempDir private static Path directory;
  private static Neighbours neighbours;
  private static Material material;
  private static RunningFineTune service;

  @BeforeAll
  static void start() {
    neighbours = new Neighbours();
    material = new Material(directory, neighbours);
    material.configOnly(Material.BASE, Material.bertConfig("yes", "no"));
    material.dataset(Material.DATASET, Material.rows(100, "no", "yes"));
    service = RunningFineTune.start(SharedInfrastructure.newDatabase(), neighbours, directory);
  }

  @AfterAll
  static void stop() {
    service.close();
    neighbours.close();
  }

  @BeforeEach
  void acceptResults() {
    neighbours.imports.reset();
  }

  @Test
  void goesFromTheTrainersResultToARegisteredVersionAndAFact() {
    FineTuneJob job = service.create(Material.job());
    ScriptedTrainer trainer = trainerOf(job, 1);
    TrainingPlan plan = trainer.plan();
    assertThat(plan.getTask()).isEqualTo("text-classification");
    assertThat(plan.getLabelsList()).containsExactly("yes", "no");
    assertThat(plan.getBaseFiles(0).getPath()).isEqualTo("config.json");
    assertThat(plan.getHyperparameters()).isEqualTo(job.getHyperparameters());
    assertThat(plan.hasResumeFrom()).isFalse();
    assertThat(neighbours.registry.isPinned(Material.BASE, job.getName())).isTrue();

    trainer.validation(0, 0.5);
    trainer.validation(100, 0.97);
    StoredFile weights = material.file("model.safetensors", "the weights");
    // The job must not have ended before the second result arrives.
    neighbours.imports.hold();
    trainer.result(weights, 0.97);
    trainer.result(material.file("model.safetensors", "other weights"), 0.1);
    neighbours.imports.letGo();

    FineTuneJob done = awaitEnd(job, JobState.JOB_STATE_SUCCEEDED);
    assertThat(done.getOutputVersion()).isEqualTo("models/acme/tuned/versions/1");
    assertThat(done.getProgress().getStep()).isEqualTo(100);
    assertThat(done.getValidationsList())
        .extracting(ValidationPoint::getAccuracy)
        .containsExactly(0.5, 0.97);
    Import handedOver = neighbours.imports.of(job.getName()).getFirst();
    assertThat(neighbours.imports.of(job.getName())).hasSize(1);
    assertThat(handedOver.getFineTune().getFilesList()).containsExactly(weights.toProto());
    assertThat(handedOver.getFineTune().getBaseVersion()).isEqualTo(Material.BASE);
    assertThat(handedOver.getFineTune().getDataset()).isEqualTo(Material.DATASET);
    assertThat(neighbours.compute.current(job.getName())).isEmpty();
    await().until(() -> !neighbours.registry.isPinned(Material.BASE, job.getName()));
    Event event = awaitEvent(job);
    assertThat(event.getTenant()).isEqualTo("acme");
    assertThat(event.getFineTuneCompleted().getOutputVersion()).isEqualTo(done.getOutputVersion());
    assertThat(event.getFineTuneCompleted().getValidationAccuracy()).isEqualTo(0.97);
    assertThat(event.getFineTuneCompleted().getSteps()).isEqualTo(100);
  }

  @Test
  void resumesFromTheLastCheckpointWhenTheTrainerDies() {
    FineTuneJob job = service.create(Material.job());
    ScriptedTrainer first = trainerOf(job, 1);
    first.plan();
    first.validation(0, 0.5);
    first.progress(30);
    StoredFile state = material.file("state/optimizer.safetensors", "moments at 30");
    first.checkpoint(30, state);
    first.progress(44);

    neighbours.compute.fail(
        neighbours.compute.current(job.getName()).orElseThrow(),
        ErrorCode.WORKER_LOST,
        "its process has died");
    ScriptedTrainer second = trainerOf(job, 2);
    TrainingPlan plan = second.plan();

    assertThat(plan.getResumeFrom().getStep()).isEqualTo(30);
    assertThat(plan.getResumeFrom().getFiles(0)).isEqualTo(state.toProto());
    assertThat(service.get(job.getName()).getProgress().getResumedFromStep()).isEqualTo(30);
    assertThat(service.get(job.getName()).getValidationsCount()).isEqualTo(1);
    second.result(material.file("model.safetensors", "weights"), 0.9);
    awaitEnd(job, JobState.JOB_STATE_SUCCEEDED);
    // The checkpoint is nobody's any more.
    await().until(() -> !material.store().contains(state.digest()));
  }

  @Test
  void refusesTheTrainerOfAnOlderAttempt() {
    FineTuneJob job = service.create(Material.job());
    ScriptedTrainer stale = trainerOf(job, 1);
    stale.plan();
    neighbours.compute.fail(
        neighbours.compute.current(job.getName()).orElseThrow(), ErrorCode.WORKER_LOST, "lost");
    ScriptedTrainer current = trainerOf(job, 2);
    current.plan();
    current.progress(50);
    StoredFile file = material.file("model.safetensors", "late");

    assertStale(() -> stale.plan());
    assertStale(() -> stale.progress(99));
    assertStale(() -> stale.checkpoint(99, file));
    assertStale(() -> stale.result(file, 1));
    assertStale(() -> stale.failure("INTERNAL", "late"));
    assertThat(service.get(job.getName()).getProgress().getStep()).isEqualTo(50);
    assertThat(service.state(job.getName())).isEqualTo(JobState.JOB_STATE_RUNNING);
  }

  @Test
  void refusesATrainerOnceTheJobHasEnded() {
    FineTuneJob job = service.create(Material.job());
    ScriptedTrainer trainer = trainerOf(job, 1);
    trainer.plan();
    service.cancel(job.getName());
    awaitEnd(job, JobState.JOB_STATE_CANCELLED);

    assertStale(() -> trainer.progress(1));
  }

  @Test
  void failsWithWhatTheTrainerFound() {
    FineTuneJob job = service.create(Material.job());
    ScriptedTrainer trainer = trainerOf(job, 1);
    trainer.plan();
    trainer.failure("TRAINING_DIVERGED", "The loss is NaN at step 7.");

    FineTuneJob failed = awaitEnd(job, JobState.JOB_STATE_FAILED);

    assertThat(failed.getStatus().getAttempt()).isEqualTo(1);
    assertThat(GrpcErrors.codeOf(failed.getStatus().getError()))
        .isEqualTo(ErrorCode.TRAINING_DIVERGED);
    assertThat(failed.getStatus().getError().getMessage()).isEqualTo("The loss is NaN at step 7.");
    assertThat(awaitEvent(job).getFineTuneFailed().getReason()).isEqualTo("TRAINING_DIVERGED");
    await().until(() -> !neighbours.registry.isPinned(Material.BASE, job.getName()));
    assertThat(neighbours.compute.current(job.getName())).isEmpty();
  }

  @Test
  void stopsTheTrainerWhenTheJobIsCancelled() {
    FineTuneJob job = service.create(Material.job());
    ScriptedTrainer trainer = trainerOf(job, 1);
    trainer.plan();
    assertThat(trainer.progress(10).getCancelRequested()).isFalse();

    service.cancel(job.getName());
    service.cancel(job.getName());

    FineTuneJob cancelled = awaitEnd(job, JobState.JOB_STATE_CANCELLED);
    assertThat(cancelled.getProgress().getStep()).isEqualTo(10);
    assertThat(neighbours.compute.of(job.getName()))
        .extracting(Grant::getState)
        .containsExactly(Grant.State.STATE_ENDED);
    assertThat(neighbours.imports.of(job.getName())).isEmpty();
    assertThat(service.cancel(job.getName())).isEqualTo(cancelled);
  }

  @Test
  void cancelsTheImportOfAResultThatIsNoLongerWanted() {
    neighbours.imports.hold();
    FineTuneJob job = service.create(Material.job());
    trainerOf(job, 1).result(material.file("model.safetensors", "weights"), 0.9);
    await().until(() -> !neighbours.imports.of(job.getName()).isEmpty());

    service.cancel(job.getName());

    awaitEnd(job, JobState.JOB_STATE_CANCELLED);
    await()
        .untilAsserted(
            () ->
                assertThat(neighbours.imports.cancelled())
                    .containsExactly(neighbours.imports.of(job.getName()).getFirst().getName()));
  }

  @Test
  void failsWhenTheResultIsNotAccepted() {
    neighbours.imports.refuse(
        GrpcErrors.toStatus(ErrorCode.MALFORMED_MODEL, "The checkpoint has no tokenizer.json."));
    FineTuneJob job = service.create(Material.job());
    trainerOf(job, 1).result(material.file("model.safetensors", "weights"), 0.9);

    FineTuneJob failed = awaitEnd(job, JobState.JOB_STATE_FAILED);

    assertThat(GrpcErrors.codeOf(failed.getStatus().getError()))
        .isEqualTo(ErrorCode.MALFORMED_MODEL);
    assertThat(failed.getStatus().getError().getMessage())
        .contains(neighbours.imports.of(job.getName()).getFirst().getName(), "no tokenizer.json");
  }

  @Test
  void keepsItsTrainerByRenewingTheGrant() {
    FineTuneJob job = service.create(Material.job());
    trainerOf(job, 1).plan();
    int before = neighbours.compute.renewals();

    // Three times its time to live.
    await().atMost(Duration.ofSeconds(20)).until(() -> neighbours.compute.renewals() >= before + 9);

    assertThat(service.get(job.getName()).getStatus().getAttempt()).isEqualTo(1);
  }

  @Test
  void streamsTheJobUntilItHasEnded() {
    FineTuneJob job = service.create(Material.job());
    List<FineTuneJob> seen = new ArrayList<>();
    Thread watcher =
        Thread.ofVirtual()
            .start(
                () ->
                    service.ask(
                        api -> {
                          api.watchFineTuneJob(
                                  WatchFineTuneJobRequest.newBuilder()
                                      .setName(job.getName())
                                      .build())
                              .forEachRemaining(seen::add);
                          return seen;
                        }));
    ScriptedTrainer trainer = trainerOf(job, 1);
    trainer.progress(40);
    await().until(() -> seen.stream().anyMatch(j -> j.getProgress().getStep() == 40));
    trainer.result(material.file("model.safetensors", "weights"), 0.9);

    await().until(() -> !watcher.isAlive());
    assertThat(seen.getLast().getStatus().getState()).isEqualTo(JobState.JOB_STATE_SUCCEEDED);
    assertThat(seen.getLast().getOutputVersion()).isNotEmpty();
  }

  /** The trainer of an attempt, once it has been granted. */
  private ScriptedTrainer trainerOf(FineTuneJob job, int attempt) {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                neighbours
                    .compute
                    .current(job.getName())
                    .filter(grant -> grant.getAttempt() == attempt)
                    .isPresent());
    neighbours.compute.current(job.getName()).ifPresent(neighbours.compute::ready);
    return new ScriptedTrainer(service.training(), job.getName(), attempt);
  }

  private FineTuneJob awaitEnd(FineTuneJob job, JobState state) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(service.state(job.getName())).isEqualTo(state));
    return service.get(job.getName());
  }

  private static Event awaitEvent(FineTuneJob job) {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> FineTuneEvents.about(job.getName()).size() == 1);
    return FineTuneEvents.about(job.getName()).getFirst();
  }

  private static void assertStale(Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(GrpcErrors.fromException(e).code()).isEqualTo(ErrorCode.STALE_ATTEMPT));
  }
}
