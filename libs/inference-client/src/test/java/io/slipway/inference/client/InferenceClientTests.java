package io.slipway.inference.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.Context;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.slipway.deployment.v1.Replica;
import io.slipway.inference.client.WorkerUnderTest.Behaviour;
import io.slipway.inference.v1.PredictRequest;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.kit.identity.CallerClientInterceptor;
import io.slipway.kit.identity.PlatformCredentials;
import io.slipway.process.ChildJvm;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InferenceClientTests {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final PredictRequest REQUEST =
      PredictRequest.newBuilder().setModel("models/acme/triage/versions/1").build();

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private WorkerUnderTest one;
  private WorkerUnderTest two;
  private InferenceClient client;
  @TempDir Path directory;

  @BeforeEach
  void start() throws Exception {
    one = new WorkerUnderTest("one");
    two = new WorkerUnderTest("two");
    client = client(InferenceClientSettings.defaults());
  }

  @AfterEach
  void stop() {
    client.close();
    one.close();
    two.close();
    threads.shutdownNow();
  }

  private InferenceClient client(InferenceClientSettings settings) {
    return new InferenceClient(
        settings,
        List.of(new CallerClientInterceptor(new PlatformCredentials("0123456789abcdef"))),
        meters);
  }

  @Test
  void answersWithWhatAReplicaSays() {
    assertThat(client.predict(List.of(one.replica()), REQUEST, PATIENCE).getModelVersion())
        .isEqualTo("one");
    assertThat(meters.get("slipway.inference.client.calls").tag("code", "OK").timer().count())
        .isEqualTo(1);
  }

  @Test
  void saysThatTheModelIsLoadingWhenThereIsNoReplica() {
    assertFails(() -> client.predict(List.of(), REQUEST, PATIENCE), ErrorCode.MODEL_LOADING)
        .hasMessageContaining(REQUEST.getModel());
  }

  @Test
  void choosesTheReplicaWithTheFewestCallsInFlight() throws Exception {
    one.behaviour = Behaviour.WAIT;
    var held = predictOn(one.replica());
    await().until(() -> one.calls.get() == 1);

    for (int i = 0; i < 10; i++) {
      assertThat(client.predict(both(), REQUEST, PATIENCE).getModelVersion()).isEqualTo("two");
    }

    one.gate.countDown();
    assertThat(held.get(20, TimeUnit.SECONDS)).isEqualTo("one");
  }

  @Test
  void choosesByChanceAmongEquals() {
    Map<String, Integer> counts = new HashMap<>();
    for (int i = 0; i < 60; i++) {
      counts.merge(client.predict(both(), REQUEST, PATIENCE).getModelVersion(), 1, Integer::sum);
    }
    assertThat(counts).containsOnlyKeys("one", "two");
  }

  @Test
  void spreadsConcurrentCallsEvenly() throws Exception {
    one.behaviour = Behaviour.WAIT;
    two.behaviour = Behaviour.WAIT;
    List<Future<String>> answers = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      answers.add(
          threads.submit(() -> client.predict(both(), REQUEST, PATIENCE).getModelVersion()));
    }
    await().until(() -> one.calls.get() + two.calls.get() == 40);
    one.gate.countDown();
    two.gate.countDown();
    for (Future<String> answer : answers) {
      answer.get(20, TimeUnit.SECONDS);
    }
    assertThat(one.mostRunning.get()).isEqualTo(20);
    assertThat(two.mostRunning.get()).isEqualTo(20);
  }

  @Test
  void answersFromAnotherReplicaWhenOneIsKilledInMidCall() throws Exception {
    try (var process =
        ChildJvm.running(HangingWorker.class)
            .jvmArguments("-Xmx64m")
            .start(directory.resolve("worker.log"))) {
      await().atMost(PATIENCE).until(() -> Files.readString(process.output()).contains("address="));
      String address =
          Files.readAllLines(process.output()).stream()
              .filter(line -> line.startsWith("address="))
              .findFirst()
              .orElseThrow()
              .substring("address=".length());
      Replica doomed = Replica.newBuilder().setWorkerId("doomed").setAddress(address).build();
      // Busy, so that the first try goes to the doomed one.
      one.behaviour = Behaviour.WAIT;
      var busy = predictOn(one.replica());
      await().until(() -> one.calls.get() == 1);
      var answer =
          threads.submit(
              () ->
                  client
                      .predict(List.of(doomed, one.replica()), REQUEST, PATIENCE)
                      .getModelVersion());
      await().atMost(PATIENCE).until(() -> Files.readString(process.output()).contains("called"));

      process.kill9();
      one.gate.countDown();

      assertThat(answer.get(20, TimeUnit.SECONDS)).isEqualTo("one");
      busy.get(20, TimeUnit.SECONDS);
      assertFails(() -> client.predict(List.of(doomed), REQUEST, PATIENCE), ErrorCode.WORKER_LOST);
    }
  }

  @Test
  void takesAWorkerForLostThatEndsWithItsCallsUnanswered() throws Exception {
    one.behaviour = Behaviour.WAIT;
    var call = threads.submit(() -> client.predict(List.of(one.replica()), REQUEST, PATIENCE));
    await().until(() -> one.running.get() == 1);

    one.shutDownNow();

    assertThatThrownBy(call::get)
        .cause()
        .isInstanceOfSatisfying(
            SlipwayException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.WORKER_LOST));
  }

  @Test
  void triesAnotherReplicaWhenOneIsDrainingLoadingOrOutOfDate() {
    for (Behaviour behaviour :
        List.of(Behaviour.DRAINING, Behaviour.LOADING, Behaviour.NOT_THERE)) {
      one.behaviour = behaviour;
      for (int i = 0; i < 4; i++) {
        assertThat(client.predict(both(), REQUEST, PATIENCE).getModelVersion())
            .as(behaviour.name())
            .isEqualTo("two");
      }
    }
    assertThat(meters.counter("slipway.inference.client.retries").count()).isPositive();
  }

  @ParameterizedTest
  @EnumSource(
      value = Behaviour.class,
      names = {"HALF_AN_ANSWER", "CHANNEL_CLOSED"})
  void answersFromAnotherReplicaHoweverAConnectionBreaks(Behaviour behaviour) {
    one.behaviour = behaviour;
    for (int i = 0; i < 4; i++) {
      assertThat(client.predict(both(), REQUEST, PATIENCE).getModelVersion()).isEqualTo("two");
    }
    assertFails(
        () -> client.predict(List.of(one.replica()), REQUEST, PATIENCE), ErrorCode.WORKER_LOST);
  }

  @Test
  void triesOnceMoreAndNotTwice() throws Exception {
    try (var three = new WorkerUnderTest("three")) {
      List<WorkerUnderTest> workers = List.of(one, two, three);
      workers.forEach(worker -> worker.behaviour = Behaviour.DRAINING);
      var replicas = workers.stream().map(WorkerUnderTest::replica).toList();
      assertFails(() -> client.predict(replicas, REQUEST, PATIENCE), ErrorCode.UNAVAILABLE);
      assertThat(workers.stream().mapToInt(worker -> worker.calls.get()).sum()).isEqualTo(2);
    }
  }

  @Test
  void doesNotRepeatARefusedRequest() {
    one.behaviour = Behaviour.REFUSE_INPUT;
    two.behaviour = Behaviour.REFUSE_INPUT;
    assertFails(() -> client.predict(both(), REQUEST, PATIENCE), ErrorCode.INVALID_ARGUMENT)
        .hasMessage("inputs is empty");
    assertThat(one.calls.get() + two.calls.get()).isEqualTo(1);
  }

  @Test
  void asksTheOnlyReplicaOnceWhenItHasSeenTheRequest() {
    one.behaviour = Behaviour.DRAINING;
    assertFails(
        () -> client.predict(List.of(one.replica()), REQUEST, PATIENCE), ErrorCode.UNAVAILABLE);
    assertThat(one.calls).hasValue(1);
  }

  @Test
  void triesTheOnlyReplicaAgainWhenTheRequestWasNotSent() throws Exception {
    Replica nobody;
    try (var socket = new ServerSocket(0)) {
      nobody =
          Replica.newBuilder()
              .setWorkerId("nobody")
              .setAddress("localhost:" + socket.getLocalPort())
              .build();
    }
    assertFails(() -> client.predict(List.of(nobody), REQUEST, PATIENCE), ErrorCode.WORKER_LOST)
        .hasMessageContaining(nobody.getAddress());
    assertThat(meters.counter("slipway.inference.client.retries").count()).isEqualTo(1);
  }

  @Test
  void givesUpAtTheDeadlineWhenAReplicaHangs() {
    one.behaviour = Behaviour.WAIT;
    assertFails(
            () -> client.predict(List.of(one.replica()), REQUEST, Duration.ofMillis(300)),
            ErrorCode.DEADLINE_EXCEEDED)
        .hasMessageContaining("one at localhost");
  }

  @Test
  void cancelsTheCallAtTheWorkerWhenTheCallerCancels() throws Exception {
    one.behaviour = Behaviour.WAIT;
    Context.CancellableContext context = Context.current().withCancellation();
    var answer =
        threads.submit(
            () -> context.call(() -> client.predict(List.of(one.replica()), REQUEST, PATIENCE)));
    await().until(() -> one.calls.get() == 1);

    context.cancel(null);

    assertThatThrownBy(() -> answer.get(20, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            SlipwayException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
    assertThat(one.cancelled.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void stopsAndStaysInterruptedWhenItsThreadIsInterrupted() throws Exception {
    one.behaviour = Behaviour.WAIT;
    var failure = new AtomicReference<SlipwayException>();
    var interrupted = new CompletableFuture<Boolean>();
    Thread thread =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    client.predict(List.of(one.replica()), REQUEST, PATIENCE);
                  } catch (SlipwayException e) {
                    failure.set(e);
                  }
                  interrupted.complete(Thread.currentThread().isInterrupted());
                });
    await().until(() -> one.calls.get() == 1);

    thread.interrupt();

    assertThat(interrupted.get(20, TimeUnit.SECONDS)).isTrue();
    assertThat(failure.get().code()).isEqualTo(ErrorCode.CANCELLED);
    assertThat(one.cancelled.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void passesOverAFailingReplicaUntilATrialSucceeds() {
    client.close();
    client =
        client(InferenceClientSettings.defaults().withBreaker(50, 4, 4, Duration.ofMillis(300), 1));
    one.behaviour = Behaviour.BROKEN;
    for (int i = 0; i < 4; i++) {
      assertFails(
          () -> client.predict(List.of(one.replica()), REQUEST, PATIENCE), ErrorCode.INTERNAL);
    }

    assertFails(
        () -> client.predict(List.of(one.replica()), REQUEST, PATIENCE), ErrorCode.UNAVAILABLE);
    assertThat(one.calls).as("an open breaker lets nothing through").hasValue(4);
    assertThat(client.predict(both(), REQUEST, PATIENCE).getModelVersion()).isEqualTo("two");

    one.behaviour = Behaviour.ANSWER;
    await()
        .atMost(PATIENCE)
        .until(() -> client.predict(both(), REQUEST, PATIENCE).getModelVersion().equals("one"));
    assertThat(client.predict(List.of(one.replica()), REQUEST, PATIENCE).getModelVersion())
        .isEqualTo("one");
  }

  @Test
  void doesNotHoldRefusedInputAgainstAReplica() {
    client.close();
    client =
        client(InferenceClientSettings.defaults().withBreaker(50, 2, 2, Duration.ofMinutes(1), 1));
    one.behaviour = Behaviour.REFUSE_INPUT;
    for (int i = 0; i < 5; i++) {
      assertFails(
          () -> client.predict(List.of(one.replica()), REQUEST, PATIENCE),
          ErrorCode.INVALID_ARGUMENT);
    }
    assertThat(one.calls).hasValue(5);
  }

  @Test
  void closesConnectionsThatAreNotUsed() throws Exception {
    client.close();
    client = client(InferenceClientSettings.defaults().withIdle(Duration.ofMillis(50)));
    client.predict(List.of(one.replica()), REQUEST, PATIENCE);
    assertThat(client.connections()).isEqualTo(1);
    long idleSince = System.nanoTime();
    await().until(() -> System.nanoTime() - idleSince > 60_000_000);

    client.predict(List.of(two.replica()), REQUEST, PATIENCE);

    assertThat(client.connections()).isEqualTo(1);
    assertThat(client.predict(List.of(one.replica()), REQUEST, PATIENCE).getModelVersion())
        .isEqualTo("one");
  }

  private List<Replica> both() {
    return List.of(one.replica(), two.replica());
  }

  private Future<String> predictOn(Replica replica) {
    return threads.submit(
        () -> client.predict(List.of(replica), REQUEST, PATIENCE).getModelVersion());
  }

  private static org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> assertFails(
      ThrowingCallable call, ErrorCode code) {
    return assertThatThrownBy(call)
        .isInstanceOfSatisfying(SlipwayException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
