package io.slipway.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.micrometer.core.instrument.MeterRegistry;
import io.slipway.deployment.v1.DesiredModel;
import io.slipway.deployment.v1.LoadedModel.State;
import io.slipway.deployment.v1.WorkerKind;
import io.slipway.inference.v1.Classification;
import io.slipway.inference.v1.InferenceServiceGrpc;
import io.slipway.inference.v1.InferenceServiceGrpc.InferenceServiceBlockingStub;
import io.slipway.inference.v1.LabelScore;
import io.slipway.inference.v1.PredictRequest;
import io.slipway.inference.v1.TextClassificationRequest;
import io.slipway.inference.v1.TextClassificationRequest.FunctionToApply;
import io.slipway.kit.SlipwayService;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.GrpcErrors;
import io.slipway.kit.identity.CallerClientInterceptor;
import io.slipway.kit.identity.PlatformCredentials;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

@Timeout(120)
class InferenceWorkerTests {

  private static final String SECRET = "a-secret-for-tests";
  private static final String MODEL = "models/acme/triage/versions/1";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  @TempDir Path directory;
  private ControlServer control;
  private ConfigurableApplicationContext worker;
  private ManagedChannel channel;
  private InferenceServiceBlockingStub inference;
  private StoredCheckpoint checkpoint;

  @BeforeEach
  void start() throws Exception {
    control = new ControlServer(0, SECRET);
    checkpoint = StoredCheckpoint.in(directory.resolve("artifacts"));
    worker =
        SlipwayService.runBesideOthers(
            InferenceWorkerApplication.class,
            "inference-worker",
            "--spring.main.web-application-type=none",
            "--slipway.grpc.port=0",
            "--slipway.identity.platform-secret=" + SECRET,
            "--slipway.services.deployment=static://localhost:" + control.port(),
            "--slipway.artifacts.root=" + directory.resolve("artifacts"),
            "--slipway.artifacts.checkouts=" + directory.resolve("checkouts"),
            "--slipway.worker.advertised-address=localhost",
            "--slipway.worker.threads=1",
            "--slipway.worker.launch-id=launch-1",
            "--slipway.worker.memory=512MB",
            "--slipway.worker.queue-limit=40",
            "--slipway.worker.largest-inputs=30",
            "--slipway.worker.largest-characters=2000");
    await().atMost(PATIENCE).until(() -> !control.states.isEmpty());
    channel =
        Grpc.newChannelBuilder(
                control.hellos.getFirst().getAddress(), InsecureChannelCredentials.create())
            .build();
    inference =
        InferenceServiceGrpc.newBlockingStub(
            ClientInterceptors.intercept(
                channel, new CallerClientInterceptor(new PlatformCredentials(SECRET))));
  }

  @AfterEach
  void stop() {
    worker.close();
    channel.shutdownNow();
    control.close();
    threads.shutdownNow();
  }

  private void load() {
    control.desire(checkpoint.named(MODEL));
    await().atMost(PATIENCE).until(() -> control.stateOf(MODEL) == State.STATE_READY);
  }

  @Test
  void introducesItself() {
    var hello = control.hellos.getFirst();
    assertThat(hello.getKind()).isEqualTo(WorkerKind.WORKER_KIND_INFERENCE);
    assertThat(hello.getLaunchId()).isEqualTo("launch-1");
    assertThat(hello.getMemoryBytes()).isEqualTo(512L << 20);
    assertThat(hello.getAddress()).matches("localhost:\\d+");
    assertThat(hello.getWorkerId()).isNotEmpty();
    assertThat(HealthGrpc.newBlockingStub(channel).check(HealthCheckRequest.getDefaultInstance()))
        .satisfies(health -> assertThat(health.getStatus()).isEqualTo(ServingStatus.SERVING));
  }

  @Test
  void answersAsTheReferenceDoesOnceTheModelIsLoaded() {
    load();

    List<Classification> answers = classify(checkpoint.texts());

    for (int text = 0; text < answers.size(); text++) {
      List<LabelScore> labels = answers.get(text).getLabelsList();
      assertThat(labels)
          .hasSize(5)
          .isSortedAccordingTo((a, b) -> Double.compare(b.getScore(), a.getScore()));
      assertThat(scoreOf(labels, "billing")).isCloseTo(checkpoint.logit(text, 0), within(1e-4));
      assertThat(scoreOf(labels, "account")).isCloseTo(checkpoint.logit(text, 2), within(1e-4));
    }
    // Recorded after the answer has left.
    await()
        .until(
            () -> {
              var timer = meters().find("slipway.worker.requests").tag("code", "OK").timer();
              return timer != null && timer.count() == 1;
            });
    assertThat(meters().get("slipway.worker.batch.rows").summary().count()).isPositive();
  }

  @Test
  void saysWhetherAModelIsUnknownOrOnlyNotLoadedYet() {
    assertFails(() -> classify(List.of("hello")), ErrorCode.NOT_FOUND).hasMessageContaining(MODEL);
    List<DesiredModel> queue = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      queue.add(checkpoint.named("imports/" + i));
    }
    queue.add(checkpoint.named(MODEL));

    control.desire(queue.toArray(DesiredModel[]::new));

    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> control.stateOf(MODEL) == State.STATE_LOADING);
    assertFails(() -> classify(List.of("hello")), ErrorCode.MODEL_LOADING);
    control.desire(checkpoint.named(MODEL));
    await().atMost(PATIENCE).until(() -> control.stateOf(MODEL) == State.STATE_READY);
    await().atMost(PATIENCE).until(() -> control.lastState().getModelsCount() == 1);
  }

  @Test
  void answersTheSameInABatchAsAlone() throws Exception {
    load();
    List<String> texts = checkpoint.texts();
    List<Classification> alone = new ArrayList<>();
    texts.forEach(text -> alone.addAll(classify(List.of(text))));
    List<Future<Classification>> together = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      String text = texts.get(i % texts.size());
      together.add(threads.submit(() -> retrying(() -> classify(List.of(text)).getFirst())));
    }
    for (int i = 0; i < together.size(); i++) {
      var expected = alone.get(i % texts.size()).getLabelsList();
      var actual = together.get(i).get(60, TimeUnit.SECONDS).getLabelsList();
      for (LabelScore label : expected) {
        assertThat(scoreOf(actual, label.getLabel())).isCloseTo(label.getScore(), within(1e-5));
      }
    }
    assertThat(meters().get("slipway.worker.batch.rows").summary().max())
        .as("calls were put together")
        .isGreaterThan(1);
  }

  @Test
  void appliesTheFunctionAndKeepsTheBestLabels() {
    load();
    var answer =
        predict(
                TextClassificationRequest.newBuilder()
                    .addInputs("hello")
                    .setFunctionToApply(FunctionToApply.FUNCTION_TO_APPLY_SOFTMAX)
                    .setTopK(2)
                    .build())
            .getFirst();
    assertThat(answer.getLabelsList()).hasSize(2);
    assertThat(answer.getLabels(0).getLabel()).isEqualTo("account");
    assertThat(answer.getLabels(0).getScore()).isBetween(0.4, 1.0);
  }

  @Test
  void refusesRequestsThatItCannotAnswer() {
    load();
    assertFails(() -> classify(List.of()), ErrorCode.INVALID_ARGUMENT)
        .hasMessageContaining("inputs is empty");
    assertFails(() -> classify(List.of("x".repeat(2001))), ErrorCode.TOO_LARGE)
        .hasMessageContaining("2001 characters");
    assertFails(() -> classify(Collections.nCopies(31, "hello")), ErrorCode.TOO_LARGE)
        .hasMessageContaining("31 inputs");
    assertFails(
        () -> predict(TextClassificationRequest.newBuilder().addInputs("a").setTopK(-1).build()),
        ErrorCode.INVALID_ARGUMENT);
    assertFails(
        () -> inference.predict(PredictRequest.newBuilder().setModel(MODEL).build()),
        ErrorCode.INVALID_ARGUMENT);
    assertFails(
        () ->
            InferenceServiceGrpc.newBlockingStub(channel)
                .predict(PredictRequest.getDefaultInstance()),
        ErrorCode.UNAUTHENTICATED);
  }

  @Test
  void saysWhyAModelCannotBeLoaded() {
    DesiredModel missing =
        DesiredModel.newBuilder()
            .setModel("imports/missing")
            .addFiles(checkpoint.files().getFirst().toBuilder().setSha256("0".repeat(64)))
            .build();
    DesiredModel noWeights =
        DesiredModel.newBuilder()
            .setModel("imports/no-weights")
            .addFiles(
                checkpoint.files().stream()
                    .filter(file -> file.getPath().equals("config.json"))
                    .findFirst()
                    .orElseThrow())
            .build();

    control.desire(missing, noWeights, checkpoint.named(MODEL));

    await()
        .atMost(PATIENCE)
        .until(
            () ->
                control.stateOf("imports/missing") == State.STATE_FAILED
                    && control.stateOf("imports/no-weights") == State.STATE_FAILED
                    && control.stateOf(MODEL) == State.STATE_READY);
    var errors = control.lastState().getModelsList();
    assertThat(errors.get(0).getError().getMessage()).contains("0000000");
    assertThat(GrpcErrors.codeOf(errors.get(0).getError())).isEqualTo(ErrorCode.MODEL_LOAD_FAILED);
    assertThat(GrpcErrors.codeOf(errors.get(1).getError())).isEqualTo(ErrorCode.MALFORMED_MODEL);
    assertFails(
        () -> inference.predict(request("imports/no-weights", List.of("hello"))),
        ErrorCode.MALFORMED_MODEL);
  }

  @Test
  void unloadsWhatIsNoLongerWantedAndLoadsItAgain() {
    load();
    control.desire();
    await().atMost(PATIENCE).until(() -> control.lastState().getModelsCount() == 0);
    assertFails(() -> classify(List.of("hello")), ErrorCode.NOT_FOUND);
    load();
    assertThat(classify(List.of("hello"))).hasSize(1);
  }

  @Test
  void refusesWhatDoesNotFitInTheQueue() throws Exception {
    load();
    List<String> many = Collections.nCopies(30, checkpoint.texts().getLast());
    AtomicBoolean full = new AtomicBoolean();
    List<Future<?>> calls = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      calls.add(
          threads.submit(
              () -> {
                try {
                  classify(many);
                } catch (StatusRuntimeException e) {
                  assertThat(GrpcErrors.fromException(e).code()).isEqualTo(ErrorCode.QUEUE_FULL);
                  full.set(true);
                }
              }));
    }
    for (Future<?> call : calls) {
      call.get(60, TimeUnit.SECONDS);
    }
    assertThat(full).isTrue();
    assertThat(classify(List.of("hello"))).hasSize(1);
  }

  @Test
  void goesOnServingAndComesBackUnderItsNameWhenTheStreamBreaks() throws Exception {
    load();
    int port = control.port();
    String id = control.hellos.getFirst().getWorkerId();
    control.close();
    assertThat(classify(List.of("hello"))).hasSize(1);

    control = new ControlServer(port, SECRET);

    await().atMost(PATIENCE).until(() -> control.stateOf(MODEL) == State.STATE_READY);
    assertThat(control.hellos.getFirst().getWorkerId()).isEqualTo(id);
  }

  @Test
  void losesNoAcceptedRequestWhenItIsDrained() throws Exception {
    load();
    List<Future<String>> calls = new ArrayList<>();
    AtomicBoolean stop = new AtomicBoolean();
    for (int i = 0; i < 8; i++) {
      calls.add(
          threads.submit(
              () -> {
                while (!stop.get()) {
                  try {
                    assertThat(classify(checkpoint.texts())).hasSize(5);
                  } catch (StatusRuntimeException e) {
                    return String.valueOf(e.getStatus().getDescription());
                  }
                }
                return "never refused";
              }));
    }
    await().until(() -> control.lastState().getRequestsInFlight() > 0);

    control.drain();

    for (Future<String> call : calls) {
      // Refused by the worker, or by its machine once it is gone: either way before it was
      // accepted.
      assertThat(call.get(60, TimeUnit.SECONDS)).containsAnyOf("takes no more", "io exception");
    }
    stop.set(true);
    await().atMost(PATIENCE).until(() -> !worker.isActive());
    assertThat(control.states).anySatisfy(state -> assertThat(state.getDraining()).isTrue());
    await().atMost(PATIENCE).until(() -> control.completed.get() == 1);
  }

  private static double scoreOf(List<LabelScore> labels, String label) {
    return labels.stream()
        .filter(score -> score.getLabel().equals(label))
        .findFirst()
        .orElseThrow()
        .getScore();
  }

  /** The outputs as they are. */
  private List<Classification> classify(List<String> inputs) {
    return inference
        .predict(request(MODEL, inputs))
        .getTextClassification()
        .getClassificationsList();
  }

  private static PredictRequest request(String model, List<String> inputs) {
    return PredictRequest.newBuilder()
        .setModel(model)
        .setTextClassification(
            TextClassificationRequest.newBuilder()
                .addAllInputs(inputs)
                .setFunctionToApply(FunctionToApply.FUNCTION_TO_APPLY_NONE))
        .build();
  }

  private List<Classification> predict(TextClassificationRequest request) {
    return inference
        .predict(PredictRequest.newBuilder().setModel(MODEL).setTextClassification(request).build())
        .getTextClassification()
        .getClassificationsList();
  }

  private static <T> T retrying(Supplier<T> call) {
    while (true) {
      try {
        return call.get();
      } catch (StatusRuntimeException e) {
        if (GrpcErrors.fromException(e).code() != ErrorCode.QUEUE_FULL) {
          throw e;
        }
        Thread.onSpinWait();
      }
    }
  }

  private MeterRegistry meters() {
    return worker.getBean(MeterRegistry.class);
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> assertFails(
      ThrowingCallable call, ErrorCode code) {
    return assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(GrpcErrors.fromException(e).code()).isEqualTo(code));
  }
}
