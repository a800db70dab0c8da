package io.slipway.kit.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.util.Durations;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.slipway.deployment.v1.AcquireGrantRequest;
import io.slipway.deployment.v1.ComputeServiceGrpc;
import io.slipway.deployment.v1.ComputeServiceGrpc.ComputeServiceBlockingStub;
import io.slipway.deployment.v1.Grant;
import io.slipway.deployment.v1.ModelGrant;
import io.slipway.deployment.v1.Replica;
import io.slipway.deployment.v1.TrainerGrant;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.GrpcErrors;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.kit.identity.Caller;
import io.slipway.kit.identity.CallerClientInterceptor;
import io.slipway.kit.identity.PlatformCredentials;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GrantedComputeTests {

  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofMillis(600);
  private static final Replica REPLICA =
      Replica.newBuilder().setWorkerId("worker-1").setAddress("localhost:1").build();

  private ComputeStandIn deployment;
  private ManagedChannel channel;
  private ComputeServiceBlockingStub stub;

  @BeforeEach
  void start() throws IOException {
    deployment = new ComputeStandIn();
    channel =
        ManagedChannelBuilder.forAddress("localhost", deployment.port()).usePlaintext().build();
    stub =
        ComputeServiceGrpc.newBlockingStub(channel)
            .withInterceptors(
                new CallerClientInterceptor(new PlatformCredentials("a-secret-for-this-test")));
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    deployment.close();
  }

  @Test
  void waitsUntilAWorkerAnswersForTheModel() throws InterruptedException {
    try (GrantedCompute granted = acquire(LONG, LONG, model())) {
      AtomicInteger looks = new AtomicInteger();
      granted.awaitReady(
          () -> {
            switch (looks.incrementAndGet()) {
              case 2 -> deployment.change(grant -> grant.setState(Grant.State.STATE_READY));
              case 4 -> deployment.change(grant -> grant.addReplicas(REPLICA));
              default -> {}
            }
          });

      assertThat(looks).hasValueGreaterThanOrEqualTo(5);
      assertThat(granted.replicas()).containsExactly(REPLICA);
      assertThat(granted.grant().getState()).isEqualTo(Grant.State.STATE_READY);
    }
    assertThat(deployment.acquired)
        .containsExactly(model().setTimeToLive(Durations.fromMillis(LONG.toMillis())).build());
  }

  @Test
  void isReadyWhenATrainerHasTakenTheRun() throws InterruptedException {
    try (GrantedCompute granted = acquire(LONG, LONG, trainer())) {
      granted.awaitReady(() -> deployment.change(g -> g.setState(Grant.State.STATE_READY)));

      assertThat(granted.grant().getState()).isEqualTo(Grant.State.STATE_READY);
    }
  }

  @Test
  void endsTheWaitWithWhatALookThrows() {
    try (GrantedCompute granted = acquire(LONG, LONG, model())) {
      assertThatThrownBy(
              () ->
                  granted.awaitReady(
                      () -> {
                        throw new IllegalStateException("cancelled");
                      }))
          .hasMessage("cancelled");
    }
    assertThat(deployment.released).containsExactly("grants/1");
  }

  @Test
  void renewsForItsCallerWhileHeldAndStopsWhenClosed() {
    Context.CancellableContext call =
        new Caller("acme", "evaluations/1").inContext().withCancellation();
    AtomicReference<GrantedCompute> granted = new AtomicReference<>();
    call.run(() -> granted.set(acquire(SHORT, LONG, model())));
    call.cancel(null);

    await().until(() -> deployment.renewed.size() >= 6);
    granted.get().check();
    granted.get().close();

    assertThat(deployment.released).containsExactly("grants/1");
    assertThat(deployment.tenants)
        .contains("AcquireGrant of acme", "RenewGrant of acme", "ReleaseGrant of acme")
        .allMatch(seen -> seen.endsWith(" of acme"));
    assertThat(deployment.renewed)
        .allSatisfy(
            renewal -> {
              assertThat(renewal.getName()).isEqualTo("grants/1");
              assertThat(Durations.toMillis(renewal.getTimeToLive())).isEqualTo(SHORT.toMillis());
            });
    // One that was on its way may still come.
    int renewals = deployment.renewed.size() + 1;
    await().during(SHORT.multipliedBy(2)).until(() -> deployment.renewed.size() <= renewals);
  }

  @Test
  void losesPatienceWhenNoWorkerLoadsTheModel() {
    try (GrantedCompute granted = acquire(LONG, SHORT, model())) {
      assertFailure(
          () -> granted.awaitReady(() -> {}),
          ErrorCode.NO_COMPUTE,
          "No worker had loaded models/m/versions/1 after PT0.6S.");
    }
    assertThat(deployment.released).containsExactly("grants/1");
  }

  @Test
  void losesPatienceWhenNoTrainerIsFree() {
    try (GrantedCompute granted = acquire(LONG, SHORT, trainer())) {
      assertFailure(
          () -> granted.awaitReady(() -> {}),
          ErrorCode.NO_COMPUTE,
          "No trainer was free for fineTuneJobs/1 within PT0.6S.");
    }
  }

  @Test
  void isPatientAnewWhenAReadyWorkerIsLost() throws InterruptedException {
    try (GrantedCompute granted = acquire(LONG, Duration.ofSeconds(2), model())) {
      granted.awaitReady(
          () ->
              deployment.change(
                  g -> g.setState(Grant.State.STATE_READY).clearReplicas().addReplicas(REPLICA)));
      long begin = System.nanoTime();
      await().until(() -> System.nanoTime() - begin > Duration.ofSeconds(2).toNanos());

      deployment.change(g -> g.setState(Grant.State.STATE_PENDING).clearReplicas());
      granted.refresh();

      assertThat(granted.replicas()).isEmpty();
      await()
          .untilAsserted(
              () -> assertFailure(granted::check, ErrorCode.NO_COMPUTE, "models/m/versions/1"));
    }
  }

  @Test
  void failsWithWhatTheGrantFailedWithForGood() {
    try (GrantedCompute granted = acquire(LONG, LONG, model())) {
      deployment.change(
          g ->
              g.setState(Grant.State.STATE_FAILED)
                  .setError(GrpcErrors.toStatus(ErrorCode.MODEL_LOAD_FAILED, "no pooler.weight")));
      assertFailure(
          () -> granted.awaitReady(() -> {}), ErrorCode.MODEL_LOAD_FAILED, "no pooler.weight");

      deployment.change(g -> g.setState(Grant.State.STATE_ENDED));
      granted.refresh();

      assertFailure(granted::replicas, ErrorCode.MODEL_LOAD_FAILED, "no pooler.weight");
    }
  }

  @Test
  void isLostWhenTheGrantHasEnded() {
    try (GrantedCompute granted = acquire(LONG, LONG, model())) {
      deployment.change(g -> g.setState(Grant.State.STATE_ENDED));

      assertFailure(
          () -> granted.awaitReady(() -> {}), ErrorCode.WORKER_LOST, "models/m/versions/1");
    }
  }

  @Test
  void isLostWhenTheGrantIsNotFoundByTheRenewal() {
    try (GrantedCompute granted = acquire(SHORT, LONG, trainer())) {
      granted.check();

      deployment.forget();

      await()
          .untilAsserted(
              () -> assertFailure(granted::check, ErrorCode.WORKER_LOST, "fineTuneJobs/1"));
    }
  }

  @Test
  void goesOnWhenDeploymentIsBackWithinTheTimeToLive() throws InterruptedException {
    try (GrantedCompute granted = acquire(Duration.ofSeconds(3), LONG, trainer())) {
      deployment.unreachable = true;
      await().until(() -> deployment.refused.get() >= 2);
      granted.refresh();
      granted.check();
      int renewals = deployment.renewed.size();

      deployment.unreachable = false;
      deployment.change(g -> g.setState(Grant.State.STATE_READY));

      await().until(() -> deployment.renewed.size() > renewals);
      granted.awaitReady(() -> {});
      assertThat(granted.grant().getState()).isEqualTo(Grant.State.STATE_READY);
    }
  }

  @Test
  void isLostWhenDeploymentStaysUnreachableForTheTimeToLive() {
    try (GrantedCompute granted = acquire(SHORT, LONG, trainer())) {
      deployment.unreachable = true;

      await()
          .untilAsserted(
              () ->
                  assertFailure(
                      granted::check,
                      ErrorCode.WORKER_LOST,
                      "fineTuneJobs/1 could not be renewed for PT0.6S: nobody is there"));
    }
  }

  @Test
  void givesTheComputeBackThoughItsThreadIsInterrupted() throws InterruptedException {
    CountDownLatch waiting = new CountDownLatch(1);
    AtomicReference<Throwable> end = new AtomicReference<>();
    AtomicReference<Boolean> stillInterrupted = new AtomicReference<>();
    Thread run =
        Thread.ofVirtual()
            .start(
                () -> {
                  try (GrantedCompute granted = acquire(LONG, LONG, model())) {
                    granted.awaitReady(waiting::countDown);
                  } catch (InterruptedException e) {
                    end.set(e);
                  }
                  try (GrantedCompute granted = acquire(LONG, LONG, model())) {
                    granted.check();
                    Thread.currentThread().interrupt();
                  }
                  stillInterrupted.set(Thread.interrupted());
                });
    waiting.await();

    run.interrupt();
    run.join();

    assertThat(end.get()).isInstanceOf(InterruptedException.class);
    assertThat(deployment.released).hasSize(2);
    assertThat(stillInterrupted).hasValue(true);
  }

  @Test
  void refusesWithTheCodeThatDeploymentRefusesWith() {
    deployment.unreachable = true;

    assertFailure(() -> acquire(LONG, LONG, model()), ErrorCode.UNAVAILABLE, "nobody is there");
  }

  @Test
  void refusesSettingsThatCannotBeKept() {
    assertThatThrownBy(() -> new GrantSettings(Duration.ZERO, LONG, LONG))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("time to live is PT0S");
  }

  private GrantedCompute acquire(
      Duration timeToLive, Duration patience, AcquireGrantRequest.Builder purpose) {
    return GrantedCompute.acquire(
        stub, new GrantSettings(timeToLive, patience, Duration.ofSeconds(10)), purpose);
  }

  private static AcquireGrantRequest.Builder model() {
    return AcquireGrantRequest.newBuilder()
        .setHolder("evaluations/1")
        .setAttempt(1)
        .setModel(ModelGrant.newBuilder().setModel("models/m/versions/1"));
  }

  private static AcquireGrantRequest.Builder trainer() {
    return AcquireGrantRequest.newBuilder()
        .setHolder("fineTuneJobs/1")
        .setAttempt(1)
        .setTrainer(TrainerGrant.newBuilder().setJob("fineTuneJobs/1"));
  }

  private static void assertFailure(ThrowingCallable work, ErrorCode code, String message) {
    assertThatThrownBy(work)
        .isInstanceOfSatisfying(
            SlipwayException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.reason()).contains(message);
            });
  }
}
