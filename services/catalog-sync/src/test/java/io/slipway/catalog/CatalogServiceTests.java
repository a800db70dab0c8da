package io.slipway.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.slipway.catalog.model.CatalogEntry;
import io.slipway.catalog.model.HubModels;
import io.slipway.catalog.v1.CancelSyncRequest;
import io.slipway.catalog.v1.HubModel;
import io.slipway.catalog.v1.ListHubModelsRequest;
import io.slipway.catalog.v1.ListHubModelsResponse;
import io.slipway.catalog.v1.ListSyncsRequest;
import io.slipway.catalog.v1.Sync;
import io.slipway.catalog.v1.WatchSyncRequest;
import io.slipway.common.v1.JobState;
import io.slipway.embedded.testing.SharedInfrastructure;
import io.slipway.events.v1.ModelDeleted;
import io.slipway.events.v1.ModelRegistered;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.GrpcErrors;
import io.slipway.kit.events.EventPublisher;
import io.slipway.modelfiles.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

class CatalogServiceTests {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Instant LONG_AGO = Instant.parse("2024-05-01T10:00:00Z");
  private static final String BERT =
      """
      {"model_type": "bert", "architectures": ["BertForSequenceClassification"]}""";
  private static final String ENCODER =
      """
      {"model_type": "bert", "architectures": ["BertModel"]}""";
  private static final String UNKNOWN =
      """
      {"model_type": "zebra", "architectures": ["ZebraForStripes"]}""";

  @TempDir static Path directory;
  private static TestHub hub;
  private static RunningCatalog catalog;
  private static CatalogClient client;

  @BeforeAll
  static void start() {
    hub = new TestHub(directory);
    hub.put(
        "acme/tiny-BERT_tickets",
        BERT,
        card("text-classification", "apache-2.0", "Sorts support tickets."),
        LONG_AGO,
        "model.safetensors",
        "tokenizer.json");
    hub.put("acme/encoder", ENCODER, "", LONG_AGO, "model.safetensors", "tokenizer.json");
    hub.put("acme/stripes", UNKNOWN, "", LONG_AGO, "model.safetensors", "tokenizer.json");
    hub.put(
        "globex/bert-pickled",
        BERT,
        card("text-classification", "mit", ""),
        LONG_AGO,
        "pytorch_model.bin",
        "tokenizer.json");
    hub.put("globex/bertha", BERT, card("fill-mask", "mit", ""), LONG_AGO, "model.safetensors");
    catalog =
        RunningCatalog.start(
            RunningCatalog.arguments(hub.endpoint(), SharedInfrastructure.newDatabase()));
    client = catalog.client();
    assertThat(awaitEnd(client.createSync(Sync.getDefaultInstance(), "")).getModelsSeen())
        .isEqualTo(5);
  }

  @AfterAll
  static void stop() {
    catalog.close();
    hub.close();
  }

  @BeforeEach
  void reset() {
    hub.letGo();
    hub.pagesLeft.set(-1);
    hub.cursors.clear();
  }

  @Test
  void showsWhatTheHubSaysAboutAModelAndWhatCanBeDoneWithIt() {
    HubModel model = client.getHubModel("acme", "acme/tiny-BERT_tickets");

    assertThat(model.getId()).isEqualTo("acme/tiny-BERT_tickets");
    assertThat(model.getSha()).matches("[0-9a-f]{40}");
    assertThat(model.getPipelineTag()).isEqualTo("text-classification");
    assertThat(model.getLicense()).isEqualTo("apache-2.0");
    assertThat(model.getLastModifiedTime().getSeconds()).isEqualTo(LONG_AGO.getEpochSecond());
    assertThat(model.getDescription()).isEqualTo("Sorts support tickets.");
    assertThat(model.getVerdict().getImportable()).isTrue();
    assertThat(model.getVerdict().getServable()).isTrue();
    assertThat(model.getVerdict().getFineTunable()).isTrue();

    HubModel encoder = client.getHubModel("acme", "acme/encoder");
    assertThat(encoder.getVerdict().getImportable()).isTrue();
    assertThat(encoder.getVerdict().getServable()).isFalse();

    HubModel stripes = client.getHubModel("acme", "acme/stripes");
    assertThat(stripes.getVerdict().getImportable()).isFalse();
    assertThat(stripes.getVerdict().getReasonsList())
        .anySatisfy(reason -> assertThat(reason).contains("ZebraForStripes"));

    assertThat(client.getHubModel("acme", "globex/bert-pickled").getVerdict().getImportable())
        .isFalse();
  }

  @Test
  void saysThatAModelIsNotThereOrThatANameIsNone() {
    assertRefused(
        () -> client.getHubModel("acme", "acme/none"), ErrorCode.NOT_FOUND, "hubModels/acme/none");
    assertRefused(
        () -> client.getHubModel("acme", ""), ErrorCode.INVALID_ARGUMENT, "hubModels/{owner}");
  }

  @Test
  void findsModelsByTheBeginningsOfTheirWords() {
    assertThat(find("bert")).hasSize(3);
    assertThat(find("BERT tick")).containsExactly("acme/tiny-BERT_tickets");
    assertThat(find("support")).containsExactly("acme/tiny-BERT_tickets");
    assertThat(find("globex")).containsExactly("globex/bert-pickled", "globex/bertha");
    assertThat(find("ert")).isEmpty();
    assertThat(find("")).hasSize(5);
    assertThat(find("'")).hasSize(5);
  }

  @Test
  void filtersByTaskAndVerdict() {
    assertThat(list(ListHubModelsRequest.newBuilder().setPipelineTag("fill-mask")))
        .containsExactly("globex/bertha");
    assertThat(list(ListHubModelsRequest.newBuilder().setImportableOnly(true)))
        .containsExactly("acme/encoder", "acme/tiny-BERT_tickets");
  }

  @Test
  void givesEveryModelOnceInPagesWithTheMostDownloadedFirst() {
    JdbcClient db = catalog.bean(JdbcClient.class);
    db.sql("update hub_model set downloads = 1000 where id = 'acme/stripes'").update();

    List<String> all = new ArrayList<>();
    String token = "";
    do {
      ListHubModelsResponse page =
          page(ListHubModelsRequest.newBuilder().setPageSize(2).setPageToken(token));
      assertThat(page.getHubModelsCount()).isBetween(1, 2);
      page.getHubModelsList().forEach(model -> all.add(model.getId()));
      token = page.getNextPageToken();
    } while (!token.isEmpty());

    assertThat(all)
        .containsExactly(
            "acme/stripes",
            "acme/encoder",
            "acme/tiny-BERT_tickets",
            "globex/bert-pickled",
            "globex/bertha");
    db.sql("update hub_model set downloads = 0").update();
  }

  @Test
  void keepsAModelWhoseCardHasZeroCharacters() {
    HubModels models = catalog.bean(HubModels.class);
    CatalogEntry odd =
        new CatalogEntry(
            "acme/odd",
            "",
            "te\0xt",
            "",
            "",
            List.of("a\0b"),
            0,
            0,
            true,
            null,
            "\0",
            new Verdict(false, false, false, Optional.empty(), List.of("No \0.")));

    assertThat(models.put(List.of(odd))).isEqualTo(1);
    assertThat(models.put(List.of(odd))).isZero();

    HubModel model = client.getHubModel("acme", "acme/odd");
    assertThat(model.getTagsList()).containsExactly("ab");
    assertThat(model.hasLastModifiedTime()).isFalse();
    catalog.bean(JdbcClient.class).sql("delete from hub_model where id = 'acme/odd'").update();
  }

  @Test
  void refusesATokenThatItHasNotGivenOut() {
    assertRefused(
        () -> page(ListHubModelsRequest.newBuilder().setPageToken("bm9uZQ")),
        ErrorCode.INVALID_ARGUMENT,
        "bm9uZQ");
    assertRefused(
        () -> page(ListHubModelsRequest.newBuilder().setPageToken("?")),
        ErrorCode.INVALID_ARGUMENT,
        "page_token");
  }

  @Test
  void goesOnWhereItStoodWhenTheHubFailsInTheMiddleOfACrawl() {
    hub.pagesLeft.set(2);
    Sync sync = client.createSync(Sync.getDefaultInstance(), "");
    await().atMost(PATIENCE).until(() -> client.getSync(sync).getModelsSeen() == 4);
    await().atMost(PATIENCE).until(() -> client.getSync(sync).getStatus().getAttempt() >= 2);
    hub.pagesLeft.set(-1);

    Sync done = awaitEnd(sync);

    assertThat(done.getStatus().getState()).isEqualTo(JobState.JOB_STATE_SUCCEEDED);
    assertThat(done.getModelsSeen()).isEqualTo(5);
    assertThat(done.getModelsChanged()).isZero();
    assertThat(hub.cursors).hasSize(3).doesNotHaveDuplicates();
  }

  @Test
  void saysWhichHubItCannotReachWhenItGivesUp() {
    hub.pagesLeft.set(0);

    Sync done = awaitEnd(client.createSync(Sync.getDefaultInstance(), ""));

    assertThat(done.getStatus().getState()).isEqualTo(JobState.JOB_STATE_FAILED);
    assertThat(GrpcErrors.codeOf(done.getStatus().getError())).isEqualTo(ErrorCode.HUB_UNREACHABLE);
    assertThat(done.getStatus().getError().getMessage()).contains(hub.endpoint().toString());
  }

  @Test
  void readsOnlyWhatMatchesASearchAndAtMostSoMany() {
    Sync globex = awaitEnd(client.createSync(Sync.newBuilder().setSearch("globex").build(), ""));
    Sync three = awaitEnd(client.createSync(Sync.newBuilder().setMaxModels(3).build(), ""));

    assertThat(globex.getModelsSeen()).isEqualTo(2);
    assertThat(three.getModelsSeen()).isEqualTo(3);
    assertThat(find("")).hasSize(5);
    assertRefused(
        () -> client.createSync(Sync.newBuilder().setMaxModels(-1).build(), ""),
        ErrorCode.INVALID_ARGUMENT,
        "max_models is -1");
  }

  @Test
  void makesOneSyncOfARepeatedRequestAndRefusesAnotherOneWithItsId() {
    Sync first = client.createSync(Sync.getDefaultInstance(), "sync-1");

    assertThat(client.createSync(Sync.getDefaultInstance(), "sync-1").getName())
        .isEqualTo(first.getName());
    assertRefused(
        () -> client.createSync(Sync.newBuilder().setMaxModels(1).build(), "sync-1"),
        ErrorCode.REQUEST_ID_REUSED,
        "sync-1");
    awaitEnd(first);
  }

  @Test
  void stopsARunningSyncOnceHoweverOftenItIsCancelled() {
    hub.hold();
    Sync sync = client.createSync(Sync.getDefaultInstance(), "");
    await().atMost(PATIENCE).until(() -> hub.waiting.get() == 1);

    cancel(sync);
    cancel(sync);
    Sync done = awaitEnd(sync);

    assertThat(done.getStatus().getState()).isEqualTo(JobState.JOB_STATE_CANCELLED);
    assertThat(cancel(sync)).isEqualTo(done);
  }

  @Test
  void streamsASyncUntilItHasEndedAndListsTheNewestFirst() {
    Sync sync = client.createSync(Sync.getDefaultInstance(), "");
    List<Sync> changes = new ArrayList<>();
    client
        .call(
            "acme",
            stub -> stub.watchSync(WatchSyncRequest.newBuilder().setName(sync.getName()).build()))
        .forEachRemaining(changes::add);

    assertThat(changes.getLast().getStatus().getState()).isEqualTo(JobState.JOB_STATE_SUCCEEDED);
    assertThat(changes.getLast().getModelsSeen()).isEqualTo(5);
    assertThat(
            client
                .call("acme", stub -> stub.listSyncs(ListSyncsRequest.getDefaultInstance()))
                .getSyncsList())
        .extracting(Sync::getName)
        .startsWith(sync.getName());
    assertThat(
            client
                .call("globex", stub -> stub.listSyncs(ListSyncsRequest.getDefaultInstance()))
                .getSyncsCount())
        .isZero();
  }

  @Test
  void showsATenantsImportsOfAModelUntilTheirModelIsDeleted() {
    publish("acme", "models/acme/encoder/versions/1", "acme/encoder");
    publish("acme", "models/acme/encoder/versions/2", "acme/encoder");
    publish("globex", "models/globex/encoder/versions/1", "acme/encoder");

    awaitImports("acme", "models/acme/encoder/versions/2", "models/acme/encoder/versions/1");
    awaitImports("globex", "models/globex/encoder/versions/1");

    inTransaction(
        events ->
            events.publish(
                "acme",
                "models/acme/encoder",
                "test",
                event -> event.setModelDeleted(ModelDeleted.getDefaultInstance())));

    awaitImports("acme");
    awaitImports("globex", "models/globex/encoder/versions/1");
  }

  private static void awaitImports(String tenant, String... versions) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(client.getHubModel(tenant, "acme/encoder").getImportedVersionsList())
                    .containsExactly(versions));
  }

  private static void publish(String tenant, String version, String hubModel) {
    inTransaction(
        events ->
            events.publish(
                tenant,
                version,
                "test",
                event ->
                    event.setModelRegistered(
                        ModelRegistered.newBuilder()
                            .setModelVersion(version)
                            .setHubModelId(hubModel))));
  }

  private static void inTransaction(Consumer<EventPublisher> work) {
    catalog
        .bean(TransactionTemplate.class)
        .executeWithoutResult(status -> work.accept(catalog.bean(EventPublisher.class)));
  }

  private static String card(String task, String license, String summary) {
    return "---\npipeline_tag: %s\nlicense: %s\nsummary: \"%s\"\n---\n# A model\n"
        .formatted(task, license, summary);
  }

  private static List<String> find(String query) {
    return list(ListHubModelsRequest.newBuilder().setQuery(query));
  }

  private static List<String> list(ListHubModelsRequest.Builder request) {
    return page(request).getHubModelsList().stream().map(HubModel::getId).toList();
  }

  private static ListHubModelsResponse page(ListHubModelsRequest.Builder request) {
    return client.call("acme", stub -> stub.listHubModels(request.build()));
  }

  private static Sync cancel(Sync sync) {
    return client.call(
        "acme",
        stub -> stub.cancelSync(CancelSyncRequest.newBuilder().setName(sync.getName()).build()));
  }

  private static Sync awaitEnd(Sync sync) {
    return await()
        .atMost(PATIENCE)
        .until(() -> client.getSync(sync), now -> now.getStatus().hasEndTime());
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
