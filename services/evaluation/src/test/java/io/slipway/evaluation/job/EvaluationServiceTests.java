package io.slipway.evaluation.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.slipway.artifacts.ArtifactStore;
import io.slipway.artifacts.FileSystemArtifactStore;
import io.slipway.common.v1.JobState;
import io.slipway.dataset.v1.ColumnMapping;
import io.slipway.dataset.v1.Split;
import io.slipway.dataset.v1.SplitPart;
import io.slipway.embedded.testing.SharedInfrastructure;
import io.slipway.evaluation.EvaluationClient;
import io.slipway.evaluation.Ledger;
import io.slipway.evaluation.RunningService;
import io.slipway.evaluation.neighbours.Compute;
import io.slipway.evaluation.neighbours.Neighbours;
import io.slipway.evaluation.v1.CancelEvaluationRequest;
import io.slipway.evaluation.v1.ClassificationReport;
import io.slipway.evaluation.v1.CreateEvaluationRequest;
import io.slipway.evaluation.v1.Evaluation;
import io.slipway.evaluation.v1.GetEvaluationRequest;
import io.slipway.evaluation.v1.ListEvaluationsRequest;
import io.slipway.evaluation.v1.ListEvaluationsResponse;
import io.slipway.evaluation.v1.WatchEvaluationRequest;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.GrpcErrors;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationServiceTests {

  private static final String ACME = "acme";
  private static final String VERSION = "models/acme/tickets/versions/3";
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir static Path directory;
  private static Neighbours neighbours;
  private static RunningService service;
  private static EvaluationClient client;
  private static Ledger ledger;

  @BeforeAll
  static void start() {
    neighbours = new Neighbours();
    ArtifactStore store = new FileSystemArtifactStore(directory);
    neighbours.registry.add(VERSION, "text-classification", "billing", "login", "other");
    neighbours.registry.add("models/acme/encoder/versions/1", "text-classification");
    neighbours.registry.add("models/acme/filler/versions/1", "fill-mask");
    neighbours.datasets.add(
        store,
        "datasets/tickets",
        "message,topic",
        // 8 right, 1 billing taken for login, 1 login taken for billing; "other" occurs nowhere.
        List.of(
            "billing 1,billing",
            "billing 2,billing",
            "billing 3,billing",
            "billing 4,billing",
            "login taken,billing",
            "login 1,login",
            "login 2,login",
            "login 3,login",
            "login 4,login",
            "billing taken,login"));
    neighbours.datasets.add(store, "datasets/empty", "message,topic", List.of());
    neighbours.datasets.add(
        store,
        "datasets/german",
        "message,topic",
        List.of("billing a,Rechnung", "login b,Anmeldung", "billing c,Rechnung"));
    List<String> many = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      many.add(i % 2 == 0 ? "billing " + i + ",billing" : "login " + i + ",login");
    }
    neighbours.datasets.add(store, "datasets/many", "message,topic", many);
    service =
        RunningService.start(
            RunningService.arguments(neighbours, SharedInfrastructure.newDatabase(), directory));
    client = service.client();
    ledger = new Ledger();
  }

  @AfterAll
  static void stop() {
    ledger.close();
    service.close();
    neighbours.close();
  }

  @BeforeEach
  void reset() {
    neighbours.worker.letGo();
    neighbours.worker.batchSizes.clear();
    neighbours.compute.mode = Compute.Mode.READY;
    neighbours.registry.down = false;
  }

  @Test
  void measuresAModelAndPublishesTheResult() {
    Evaluation evaluation = create(evaluation("models/acme/tickets", "datasets/tickets"), "");

    Evaluation done = awaitEnd(evaluation);

    assertThat(done.getStatus().getState()).isEqualTo(JobState.JOB_STATE_SUCCEEDED);
    assertThat(done.getModelVersion()).isEqualTo(VERSION);
    assertThat(done.getRowsDone()).isEqualTo(10);
    assertThat(done.getRowsTotal()).isEqualTo(10);
    ClassificationReport report = done.getReport();
    assertThat(report.getRows()).isEqualTo(10);
    assertThat(report.getAccuracy()).isCloseTo(0.8, within(1e-12));
    assertThat(report.getMacroF1()).isCloseTo(0.8, within(1e-12));
    assertThat(report.getClassesList())
        .extracting(c -> c.getLabel() + " " + c.getSupport())
        .containsExactly("billing 5", "login 5", "other 0");
    assertThat(report.getConfusionList())
        .extracting(row -> row.getLabel() + row.getCountsList())
        .containsExactly("billing[4, 1, 0]", "login[1, 4, 0]", "other[0, 0, 0]");
    assertThat(report.getLatency().getP99Ms()).isPositive();
    assertThat(report.getLatency().getRowsPerSecond()).isPositive();
    assertThat(neighbours.worker.batchSizes).containsExactlyInAnyOrder(4, 4, 2);

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(ledger.about(done.getName()))
                    .singleElement()
                    .satisfies(
                        event -> {
                          assertThat(event.getTenant()).isEqualTo(ACME);
                          var completed = event.getEvaluationCompleted();
                          assertThat(completed.getModelVersion()).isEqualTo(VERSION);
                          assertThat(completed.getDataset()).isEqualTo("datasets/tickets");
                          assertThat(completed.getAccuracy()).isCloseTo(0.8, within(1e-12));
                          assertThat(completed.getRows()).isEqualTo(10);
                        }));
    assertThat(neighbours.compute.acquired)
        .filteredOn(grant -> grant.getHolder().equals(done.getName()))
        .singleElement()
        .satisfies(grant -> assertThat(grant.getModel().getModel()).isEqualTo(VERSION));
    awaitNothingHeld(done);
  }

  @Test
  void mapsLabelNamesToThoseOfTheModel() {
    Evaluation asked =
        evaluation(VERSION, "datasets/german").toBuilder()
            .setColumns(
                ColumnMapping.newBuilder()
                    .setText("message")
                    .setLabel("topic")
                    .putLabelNames("Rechnung", "billing")
                    .putLabelNames("Anmeldung", "login"))
            .build();

    assertThat(awaitEnd(create(asked, "")).getReport().getAccuracy()).isEqualTo(1);
  }

  @Test
  void measuresOnlyTheRowsOfAPartAndAtMostSoMany() {
    SplitPart test =
        SplitPart.newBuilder()
            .setSplit(Split.newBuilder().setSeed(7))
            .setPart(SplitPart.Part.PART_TEST)
            .build();
    Evaluation part = evaluation(VERSION, "datasets/many").toBuilder().setSplitPart(test).build();

    assertThat(awaitEnd(create(part, "")).getReport().getRows()).isEqualTo(40);
    assertThat(awaitEnd(create(part.toBuilder().setMaxRows(15).build(), "")).getReport().getRows())
        .isEqualTo(15);
  }

  @Test
  void namesTheColumnThatIsMissingAndThoseThereAre() {
    Evaluation asked =
        evaluation(VERSION, "datasets/tickets").toBuilder()
            .setColumns(ColumnMapping.newBuilder().setText("message").setLabel("category"))
            .build();

    assertRefused(() -> create(asked, ""), ErrorCode.MISSING_COLUMN, "category", "message, topic");
  }

  @Test
  void namesTheLabelThatTheModelDoesNotKnowAndThoseItKnows() {
    assertRefused(
        () -> create(evaluation(VERSION, "datasets/german"), ""),
        ErrorCode.UNKNOWN_LABEL,
        "Rechnung",
        "billing, login, other");
  }

  @Test
  void refusesWhatCannotBeMeasured() {
    assertRefused(
        () -> create(evaluation(VERSION, "datasets/empty"), ""),
        ErrorCode.MALFORMED_DATASET,
        "datasets/empty",
        "no rows");
    assertRefused(
        () -> create(evaluation("models/acme/tickets/versions/99", "datasets/tickets"), ""),
        ErrorCode.NOT_FOUND,
        "versions/99");
    assertRefused(
        () -> create(evaluation(VERSION, "datasets/none"), ""),
        ErrorCode.NOT_FOUND,
        "datasets/none");
    assertRefused(
        () -> create(evaluation("models/acme/filler", "datasets/tickets"), ""),
        ErrorCode.INVALID_ARGUMENT,
        "fill-mask",
        "text-classification");
    assertRefused(
        () -> create(evaluation("models/acme/encoder", "datasets/tickets"), ""),
        ErrorCode.INVALID_ARGUMENT,
        "fine-tune it first");
    assertRefused(
        () -> create(Evaluation.getDefaultInstance(), ""),
        ErrorCode.INVALID_ARGUMENT,
        "model_version");
    assertRefused(
        () ->
            create(evaluation(VERSION, "datasets/tickets").toBuilder().clearColumns().build(), ""),
        ErrorCode.INVALID_ARGUMENT,
        "column mapping");
    assertRefused(
        () ->
            create(evaluation(VERSION, "datasets/tickets").toBuilder().setMaxRows(-1).build(), ""),
        ErrorCode.INVALID_ARGUMENT,
        "max_rows is -1");
  }

  @Test
  void makesOneEvaluationOfARepeatedRequestAndRefusesAnotherOneWithItsId() {
    Evaluation asked = evaluation(VERSION, "datasets/tickets");
    Evaluation first = create(asked, "order-1");

    assertThat(create(asked, "order-1").getName()).isEqualTo(first.getName());
    assertRefused(
        () -> create(asked.toBuilder().setMaxRows(3).build(), "order-1"),
        ErrorCode.REQUEST_ID_REUSED,
        "order-1",
        first.getName());
    awaitEnd(first);
  }

  @Test
  void stopsARunningEvaluationOnceHoweverOftenItIsCancelled() {
    neighbours.worker.hold();
    int cancelledBefore = neighbours.worker.cancelled.get();
    Evaluation evaluation = create(evaluation(VERSION, "datasets/many"), "");
    await().atMost(PATIENCE).until(() -> neighbours.worker.waiting.get() == 4);
    assertThat(neighbours.registry.pins).containsEntry(evaluation.getName(), VERSION);

    cancel(evaluation);
    cancel(evaluation);
    Evaluation done = awaitEnd(evaluation);

    assertThat(done.getStatus().getState()).isEqualTo(JobState.JOB_STATE_CANCELLED);
    assertThat(done.hasReport()).isFalse();
    assertThat(cancel(evaluation)).isEqualTo(done);
    await().atMost(PATIENCE).until(() -> neighbours.worker.cancelled.get() == cancelledBefore + 4);
    awaitNothingHeld(done);
  }

  @Test
  void reportsProgressWhileItRunsAndKeepsItsCompute() {
    neighbours.worker.hold();
    int renewalsBefore = neighbours.compute.renewals.get();
    Evaluation evaluation = create(evaluation(VERSION, "datasets/many"), "");
    await().atMost(PATIENCE).until(() -> neighbours.compute.renewals.get() >= renewalsBefore + 2);
    Iterator<Evaluation> changes =
        client.call(
            ACME,
            stub ->
                stub.watchEvaluation(
                    WatchEvaluationRequest.newBuilder().setName(evaluation.getName()).build()));
    Evaluation first = changes.next();
    assertThat(first.getStatus().getState()).isEqualTo(JobState.JOB_STATE_RUNNING);
    assertThat(first.getRowsDone()).isZero();
    assertThat(first.getRowsTotal()).isEqualTo(400);

    neighbours.worker.letGo();
    List<Evaluation> all = new ArrayList<>(List.of(first));
    changes.forEachRemaining(all::add);

    assertThat(all.getLast().getStatus().getState()).isEqualTo(JobState.JOB_STATE_SUCCEEDED);
    assertThat(all.getLast().getRowsDone()).isEqualTo(400);
    assertThat(all).extracting(Evaluation::getRowsDone).isSorted();
  }

  @Test
  void failsWithTheReasonForWhichTheModelCannotBeLoaded() {
    neighbours.compute.mode = Compute.Mode.FAILED;

    Evaluation done = awaitEnd(create(evaluation(VERSION, "datasets/tickets"), ""));

    assertThat(done.getStatus().getState()).isEqualTo(JobState.JOB_STATE_FAILED);
    assertThat(GrpcErrors.codeOf(done.getStatus().getError()))
        .isEqualTo(ErrorCode.MODEL_LOAD_FAILED);
    assertThat(done.getStatus().getError().getMessage()).contains("pooler.weight");
    awaitNothingHeld(done);
  }

  @Test
  void canBeCancelledWhileItWaitsForCompute() {
    neighbours.compute.mode = Compute.Mode.PENDING;
    Evaluation evaluation = create(evaluation(VERSION, "datasets/tickets"), "");
    await().atMost(PATIENCE).until(() -> !neighbours.compute.held(evaluation.getName()).isEmpty());

    cancel(evaluation);

    assertThat(awaitEnd(evaluation).getStatus().getState()).isEqualTo(JobState.JOB_STATE_CANCELLED);
    awaitNothingHeld(evaluation);
  }

  @Test
  void goesOnWhenAWorkerRefusesForAWhile() {
    neighbours.worker.refusals.set(3);

    Evaluation done = awaitEnd(create(evaluation(VERSION, "datasets/tickets"), ""));

    assertThat(done.getStatus().getState()).isEqualTo(JobState.JOB_STATE_SUCCEEDED);
    assertThat(done.getStatus().getAttempt()).isEqualTo(1);
    assertThat(done.getReport().getRows()).isEqualTo(10);
  }

  @Test
  void beginsAnewWhenItsComputeIsTakenAway() {
    neighbours.worker.hold();
    Evaluation evaluation = create(evaluation(VERSION, "datasets/many"), "");
    await().atMost(PATIENCE).until(() -> neighbours.worker.waiting.get() == 4);
    int renewals = neighbours.compute.renewals.get();
    neighbours.compute.takeAway();
    // The second of these follows an answer that the first one has got.
    await().atMost(PATIENCE).until(() -> neighbours.compute.renewals.get() > renewals + 1);
    neighbours.worker.letGo();

    Evaluation done = awaitEnd(evaluation);

    assertThat(done.getStatus().getState()).isEqualTo(JobState.JOB_STATE_SUCCEEDED);
    assertThat(done.getStatus().getAttempt()).isEqualTo(2);
    assertThat(done.getReport().getRows()).isEqualTo(400);
  }

  @Test
  void letsGoOfTheVersionOnceTheRegistryIsBack() {
    neighbours.registry.down = true;
    Evaluation done = awaitEnd(create(evaluation(VERSION, "datasets/tickets"), ""));
    assertThat(neighbours.registry.pins).containsKey(done.getName());

    neighbours.registry.down = false;

    awaitNothingHeld(done);
  }

  @Test
  void listsByVersionInPagesAndOnlyToTheirTenant() {
    String version = "models/acme/listed/versions/1";
    neighbours.registry.add(version, "text-classification", "billing", "login");
    List<String> names =
        IntStream.range(0, 5)
            .mapToObj(i -> create(evaluation(version, "datasets/tickets"), "").getName())
            .sorted(Comparator.reverseOrder())
            .toList();

    List<String> listed = new ArrayList<>();
    String token = "";
    do {
      ListEvaluationsResponse page = list(ACME, version, 2, token);
      assertThat(page.getEvaluationsCount()).isLessThanOrEqualTo(2);
      page.getEvaluationsList().forEach(evaluation -> listed.add(evaluation.getName()));
      token = page.getNextPageToken();
    } while (!token.isEmpty());

    assertThat(listed).isEqualTo(names);
    assertThat(list(ACME, "", 3, "").getEvaluationsList())
        .extracting(Evaluation::getName)
        .isEqualTo(names.subList(0, 3));
    assertThat(list("globex", version, 0, "").getEvaluationsCount()).isZero();
    assertRefused(() -> list(ACME, "", 0, "!"), ErrorCode.INVALID_ARGUMENT, "page_token");
    assertRefused(() -> get("globex", names.getFirst()), ErrorCode.NOT_FOUND, names.getFirst());
    names.forEach(name -> awaitEnd(get(ACME, name)));
  }

  private static Evaluation evaluation(String modelVersion, String dataset) {
    return Evaluation.newBuilder()
        .setModelVersion(modelVersion)
        .setDataset(dataset)
        .setColumns(ColumnMapping.newBuilder().setText("message").setLabel("topic"))
        .build();
  }

  private static Evaluation create(Evaluation evaluation, String requestId) {
    return client.call(
        ACME,
        stub ->
            stub.createEvaluation(
                CreateEvaluationRequest.newBuilder()
                    .setEvaluation(evaluation)
                    .setRequestId(requestId)
                    .build()));
  }

  private static Evaluation get(String tenant, String name) {
    return client.call(
        tenant,
        stub -> stub.getEvaluation(GetEvaluationRequest.newBuilder().setName(name).build()));
  }

  private static Evaluation cancel(Evaluation evaluation) {
    return client.call(
        ACME,
        stub ->
            stub.cancelEvaluation(
                CancelEvaluationRequest.newBuilder().setName(evaluation.getName()).build()));
  }

  private static ListEvaluationsResponse list(
      String tenant, String version, int size, String token) {
    return client.call(
        tenant,
        stub ->
            stub.listEvaluations(
                ListEvaluationsRequest.newBuilder()
                    .setModelVersion(version)
                    .setPageSize(size)
                    .setPageToken(token)
                    .build()));
  }

  private static Evaluation awaitEnd(Evaluation evaluation) {
    return await()
        .atMost(PATIENCE)
        .until(() -> get(ACME, evaluation.getName()), now -> now.getStatus().hasEndTime());
  }

  private static void awaitNothingHeld(Evaluation evaluation) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(neighbours.registry.pins).doesNotContainKey(evaluation.getName());
              assertThat(neighbours.compute.held(evaluation.getName())).isEmpty();
            });
  }

  private static void assertRefused(ThrowingCallable call, ErrorCode code, String... words) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(GrpcErrors.codeOf(StatusProto.fromThrowable(e))).isEqualTo(code);
              assertThat(Status.fromThrowable(e).getDescription()).contains(words);
            });
  }
}
