package io.slipway.deployment.grant;

import static io.slipway.deployment.testing.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Duration;
import io.slipway.common.v1.ArtifactFile;
import io.slipway.deployment.testing.RegistryServer;
import io.slipway.deployment.testing.RunningDeployment;
import io.slipway.deployment.testing.ScriptedWorker;
import io.slipway.deployment.testing.ScriptedWorker.Loading;
import io.slipway.deployment.v1.AcquireGrantRequest;
import io.slipway.deployment.v1.GetGrantRequest;
import io.slipway.deployment.v1.Grant;
import io.slipway.deployment.v1.Grant.State;
import io.slipway.deployment.v1.ModelGrant;
import io.slipway.deployment.v1.ReleaseGrantRequest;
import io.slipway.deployment.v1.RenewGrantRequest;
import io.slipway.deployment.v1.Replica;
import io.slipway.deployment.v1.TrainerGrant;
import io.slipway.deployment.v1.WorkerDirective.DirectiveCase;
import io.slipway.embedded.testing.SharedInfrastructure;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.GrpcErrors;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(90)
class ComputeServiceTests {

  private static RegistryServer registry;
  private static RunningDeployment service;
  private final List<ScriptedWorker> workers = new ArrayList<>();
  private final List<Grant> grants = new ArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    Awaitility.setDefaultTimeout(java.time.Duration.ofSeconds(20));
    registry = new RegistryServer();
    service =
        RunningDeployment.start(
            SharedInfrastructure.newDatabase(),
            registry,
            "--slipway.deployment.placement-patience=2s");
  }

  @AfterAll
  static void stop() {
    service.close();
    registry.close();
  }

  @AfterEach
  void end() {
    grants.forEach(grant -> release(grant.getName()));
    workers.forEach(ScriptedWorker::close);
  }

  private ScriptedWorker worker(String id, Loading loading) {
    var worker = ScriptedWorker.inference(service.port(), id, 1L << 30, loading);
    workers.add(worker);
    return worker;
  }

  private ScriptedWorker trainer(String id) {
    var trainer = ScriptedWorker.trainer(service.port(), id);
    workers.add(trainer);
    return trainer;
  }

  private Grant acquire(AcquireGrantRequest request) {
    Grant grant = service.compute().acquireGrant(request);
    grants.add(grant);
    return grant;
  }

  private static AcquireGrantRequest model(String holder, int attempt, String model) {
    return AcquireGrantRequest.newBuilder()
        .setHolder(holder)
        .setAttempt(attempt)
        .setModel(
            ModelGrant.newBuilder()
                .setModel(model)
                .addFiles(
                    ArtifactFile.newBuilder()
                        .setPath("model.safetensors")
                        .setSha256("cd".repeat(32))
                        .setSizeBytes(10)))
        .build();
  }

  private static AcquireGrantRequest training(String job, int attempt) {
    return AcquireGrantRequest.newBuilder()
        .setHolder(job)
        .setAttempt(attempt)
        .setTrainer(TrainerGrant.newBuilder().setJob(job))
        .build();
  }

  private static Grant get(Grant grant) {
    return service
        .compute()
        .getGrant(GetGrantRequest.newBuilder().setName(grant.getName()).build());
  }

  private static void release(String name) {
    var unused =
        service.compute().releaseGrant(ReleaseGrantRequest.newBuilder().setName(name).build());
  }

  private static void awaitState(Grant grant, State state) {
    await().untilAsserted(() -> assertThat(get(grant).getState()).isEqualTo(state));
  }

  @Test
  void loadsAGrantedModelAndUnloadsItWhenItIsReleased() {
    ScriptedWorker worker = worker("smoke-worker", Loading.READY);
    Grant grant = acquire(model("imports/smoke", 1, "imports/smoke"));
    assertThat(grant.getState()).isEqualTo(State.STATE_PENDING);

    awaitState(grant, State.STATE_READY);

    assertThat(get(grant).getReplicasList())
        .containsExactly(
            Replica.newBuilder()
                .setWorkerId("smoke-worker")
                .setAddress("smoke-worker:9090")
                .build());
    release(grant.getName());
    await().until(() -> !worker.has("imports/smoke"));
    assertThat(get(grant).getState()).isEqualTo(State.STATE_ENDED);
    assertRefused(() -> renew(grant), ErrorCode.NOT_FOUND);
    release(grant.getName());
  }

  private static Grant renew(Grant grant) {
    return service
        .compute()
        .renewGrant(
            RenewGrantRequest.newBuilder()
                .setName(grant.getName())
                .setTimeToLive(Duration.newBuilder().setSeconds(60))
                .build());
  }

  @Test
  void endsAGrantThatIsNotRenewed() {
    ScriptedWorker worker = worker("expiry-worker", Loading.READY);
    Duration soon = Duration.newBuilder().setNanos(800_000_000).build();
    Grant left =
        acquire(
            model("evaluations/left", 1, "models/a/left/versions/1").toBuilder()
                .setTimeToLive(soon)
                .build());
    Grant renewed =
        acquire(
            model("evaluations/renewed", 1, "models/a/renewed/versions/1").toBuilder()
                .setTimeToLive(soon)
                .build());
    renew(renewed);
    awaitState(left, State.STATE_ENDED);
    await().until(() -> !worker.has("models/a/left/versions/1"));
    awaitState(renewed, State.STATE_READY);
  }

  @Test
  void givesOneGrantForAHolderAndAttempt() throws Exception {
    AcquireGrantRequest request = model("evaluations/same", 3, "models/a/same/versions/1");
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Grant>> same = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        same.add(threads.submit(() -> acquire(request)));
      }
      String name = same.getFirst().get(20, TimeUnit.SECONDS).getName();
      for (Future<Grant> grant : same) {
        assertThat(grant.get(20, TimeUnit.SECONDS).getName()).isEqualTo(name);
      }
    }
  }

  @Test
  void aNewerAttemptTakesThePlaceOfAnOlderOneAndNeverTheOtherWayRound() {
    Grant old = acquire(model("evaluations/fence", 1, "models/a/fence/versions/1"));
    Grant young = acquire(model("evaluations/fence", 2, "models/a/fence/versions/1"));
    assertThat(young.getName()).isNotEqualTo(old.getName());
    assertThat(get(old).getState()).isEqualTo(State.STATE_ENDED);
    assertRefused(
        () -> acquire(model("evaluations/fence", 1, "models/a/fence/versions/1")),
        ErrorCode.STALE_ATTEMPT);
  }

  @Test
  void refusesMalformedRequests() {
    assertRefused(
        () -> acquire(AcquireGrantRequest.newBuilder().setHolder("x").build()),
        ErrorCode.INVALID_ARGUMENT);
    assertRefused(() -> acquire(model("", 1, "m")), ErrorCode.INVALID_ARGUMENT);
    assertRefused(
        () ->
            acquire(
                training("fineTuneJobs/long", 1).toBuilder()
                    .setTimeToLive(Duration.newBuilder().setSeconds(7200))
                    .build()),
        ErrorCode.INVALID_ARGUMENT);
    assertRefused(
        () -> service.compute().getGrant(GetGrantRequest.newBuilder().setName("grants/x").build()),
        ErrorCode.NOT_FOUND);
  }

  @Test
  void failsAModelGrantThatFindsNoWorkerInTime() {
    Grant grant = acquire(model("imports/alone", 1, "imports/alone"));
    Grant last = null;
    var states =
        service.compute().watchGrant(GetGrantRequest.newBuilder().setName(grant.getName()).build());
    while (states.hasNext()) {
      last = states.next();
    }
    assertThat(last.getState()).isEqualTo(State.STATE_FAILED);
    assertThat(GrpcErrors.codeOf(last.getError())).isEqualTo(ErrorCode.NO_COMPUTE);
  }

  @Test
  void failsAModelGrantWithTheWorkersReason() {
    worker("failing-worker", Loading.FAILS);
    Grant grant = acquire(model("imports/bad", 1, "imports/bad"));
    awaitState(grant, State.STATE_FAILED);
    assertThat(get(grant).getError().getMessage()).isEqualTo("no weights");
    assertThat(renew(grant).getState())
        .as("its holder learns of it when it renews")
        .isEqualTo(State.STATE_FAILED);
  }

  @Test
  void quarantineRefusesGrants() {
    String poison = "models/a/poison/versions/1";
    Grant grant = acquire(model("evaluations/poison", 1, poison));
    for (int i = 0; i < 3; i++) {
      ScriptedWorker victim = worker("grant-poison-" + i, Loading.STUCK);
      await().until(() -> victim.has(poison));
      victim.die();
    }
    awaitState(grant, State.STATE_FAILED);
    assertThat(GrpcErrors.codeOf(get(grant).getError())).isEqualTo(ErrorCode.MODEL_QUARANTINED);
    assertRefused(
        () -> acquire(model("evaluations/poison", 2, poison)), ErrorCode.MODEL_QUARANTINED);
  }

  @Test
  void givesARunToAnIdleTrainerAndEndsTheGrantWithTheRun() {
    ScriptedWorker trainer = trainer("idle-trainer");
    Grant grant = acquire(training("fineTuneJobs/one", 1));
    awaitState(grant, State.STATE_READY);
    assertThat(trainer.job()).isEqualTo("fineTuneJobs/one 1");
    Grant waits = acquire(training("fineTuneJobs/two", 1));
    assertThat(get(waits).getState()).isEqualTo(State.STATE_PENDING);

    trainer.finishRun();

    awaitState(grant, State.STATE_ENDED);
    awaitState(waits, State.STATE_READY);
    assertThat(trainer.job()).isEqualTo("fineTuneJobs/two 1");
  }

  @Test
  void stopsTheRunOfAnOlderAttemptBeforeTheNewerOneBegins() {
    ScriptedWorker trainer = trainer("fenced-trainer");
    Grant old = acquire(training("fineTuneJobs/fenced", 1));
    awaitState(old, State.STATE_READY);

    Grant young = acquire(training("fineTuneJobs/fenced", 2));

    awaitState(young, State.STATE_READY);
    assertThat(trainer.wasTold(DirectiveCase.STOP_RUN)).isTrue();
    assertThat(trainer.job()).isEqualTo("fineTuneJobs/fenced 2");
    assertThat(get(old).getState()).isEqualTo(State.STATE_ENDED);
    release(young.getName());
    await().until(() -> trainer.job().isEmpty());
  }

  @Test
  void failsAGrantWhoseTrainerDies() {
    ScriptedWorker trainer = trainer("dying-trainer");
    Grant grant = acquire(training("fineTuneJobs/dying", 1));
    awaitState(grant, State.STATE_READY);
    ScriptedWorker other = trainer("other-trainer");

    trainer.die();

    awaitState(grant, State.STATE_FAILED);
    assertThat(GrpcErrors.codeOf(get(grant).getError())).isEqualTo(ErrorCode.WORKER_LOST);
    assertThat(other.job()).as("one attempt is never given to two trainers").isEmpty();
    Grant next = acquire(training("fineTuneJobs/dying", 2));
    awaitState(next, State.STATE_READY);
    assertThat(other.job()).isEqualTo("fineTuneJobs/dying 2");
  }

  @Test
  void keepsTheGrantOfATrainerWhoseStreamBreaksForAMoment() {
    ScriptedWorker trainer = trainer("blinking-trainer");
    Grant grant = acquire(training("fineTuneJobs/blink", 1));
    awaitState(grant, State.STATE_READY);
    int told = trainer.directives.size();
    trainer.breakOff();
    await().until(() -> trainer.refusal.get() != null);
    trainer.connect();
    await().until(() -> trainer.directives.size() > told);
    assertThat(get(grant).getState()).isEqualTo(State.STATE_READY);
    assertThat(trainer.wasTold(DirectiveCase.STOP_RUN)).isFalse();
  }
}
