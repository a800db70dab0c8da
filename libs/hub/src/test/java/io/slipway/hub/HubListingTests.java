package io.slipway.hub;

import static io.slipway.hub.ScriptedHub.answer;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.slipway.hub.HubException.GatedRepository;
import io.slipway.hub.HubException.HubUnreachable;
import io.slipway.hub.HubException.InvalidCredentials;
import io.slipway.hub.HubException.ProtocolViolation;
import io.slipway.hub.HubException.RateLimited;
import io.slipway.hub.HubException.RepositoryDisabled;
import io.slipway.hub.HubException.RepositoryNotFound;
import io.slipway.hub.HubException.RevisionNotFound;
import io.slipway.hub.ModelQuery.Sort;
import io.slipway.hub.ScriptedHub.Asked;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HubListingTests {

  private static final RepositoryId ID = RepositoryId.of("acme/bert");

  private final TestClients clients = new TestClients();
  private ScriptedHub hub;
  private HubClient client;

  @BeforeEach
  void start() throws IOException {
    hub = new ScriptedHub();
    client = clients.client(hub.endpoint());
  }

  @AfterEach
  void stop() {
    client.close();
    hub.close();
  }

  @Test
  void asksWithTheParametersOfTheQuery() throws Exception {
    hub.thenJson("[]");

    client.listModels(
        ModelQuery.ALL
            .searching("a b")
            .tagged("license:mit", "en")
            .by("acme")
            .forTask("fill-mask")
            .sorted(Sort.LAST_MODIFIED, true)
            .limitedTo(50)
            .showing("safetensors", "gated"));

    assertThat(hub.asked.getFirst().path())
        .isEqualTo(
            "/api/models?search=a%20b&filter=license%3Amit&filter=en&author=acme"
                + "&pipeline_tag=fill-mask&sort=lastModified&direction=-1&limit=50"
                + "&expand=safetensors&expand=gated");
  }

  @Test
  void walksThroughThePagesAndCanGoOnFromAStoredCursor() throws Exception {
    String link = "<" + hub.endpoint() + "/api/models?limit=1&cursor=c%3D2>; rel=\"next\"";
    hub.then(page("[{\"id\":\"a/1\"}]", link))
        .then(page("[{\"id\":\"a/2\"}]", link.replace("c%3D2", "c3") + ", <x>; rel=\"last\""))
        .thenJson("[{\"id\":\"a/3\"}]");
    ModelPages pages = client.pages(ModelQuery.ALL);

    assertThat(ids(pages.next())).containsExactly("a/1");
    String stored = pages.cursor().orElseThrow();
    assertThat(stored).isEqualTo("/api/models?limit=1&cursor=c%3D2");
    ModelPages resumed = clients.client(hub.endpoint()).pagesFrom(stored);
    assertThat(ids(resumed.next())).containsExactly("a/2");
    assertThat(ids(resumed.next())).containsExactly("a/3");
    assertThat(resumed.hasNext()).isFalse();
    assertThat(hub.asked)
        .extracting(Asked::path)
        .containsExactly(
            "/api/models", "/api/models?limit=1&cursor=c%3D2", "/api/models?limit=1&cursor=c3");
  }

  @Test
  void staysOnItsHubWhenALinkNamesAnotherHost() throws Exception {
    hub.then(page("[]", "<https://evil.example/api/models?cursor=x>; rel=\"next\"")).thenJson("[]");
    ModelPages pages = client.pages(ModelQuery.ALL);

    pages.next();
    pages.next();

    assertThat(hub.asked.getLast().path()).isEqualTo("/api/models?cursor=x");
  }

  @Test
  void leavesOutEntriesWithoutAValidId() throws Exception {
    hub.thenJson("[{\"id\":\"../x\"},{\"id\":\"a/b\"},{},{\"id\":\"gpt2\"}]");

    assertThat(ids(client.listModels(ModelQuery.ALL))).containsExactly("a/b", "gpt2");
  }

  @Test
  void readsEverythingAboutAModel() throws Exception {
    hub.thenJson(
        """
        {"id":"acme/bert","sha":"%s","lastModified":"2026-01-02T03:04:05.000Z","gated":"manual",
         "private":true,"downloads":7,"likes":3,"tags":["a","license:mit"],
         "pipeline_tag":"fill-mask","library_name":"transformers","cardData":{"license":"mit"},
         "config":{"model_type":"bert"},"safetensors":{"parameters":{"F32":5},"total":5},
         "siblings":[{"rfilename":"config.json","size":12,"blobId":"%s"},
          {"rfilename":"m/x.bin","size":99,"blobId":"%s","lfs":{"size":99,"sha256":"%s"}}],
         "unheardOf":{"x":1}}
        """
            .formatted("c".repeat(40), "1".repeat(40), "2".repeat(40), "3".repeat(64)));

    ModelInfo model = client.modelInfo(ID, Revision.of("refs/pr/1"));

    assertThat(hub.asked.getFirst().path())
        .isEqualTo("/api/models/acme/bert/revision/refs%2Fpr%2F1?blobs=true");
    assertThat(model.sha()).isEqualTo("c".repeat(40));
    assertThat(model.lastModified()).isEqualTo(Instant.parse("2026-01-02T03:04:05Z"));
    assertThat(model.gating()).isEqualTo(Gating.MANUAL);
    assertThat(model.isPrivate()).isTrue();
    assertThat(model.downloads()).isEqualTo(7);
    assertThat(model.card().pipelineTag()).isEqualTo("fill-mask");
    assertThat(model.card().libraryName()).isEqualTo("transformers");
    assertThat(model.card().tags()).containsExactly("a", "license:mit");
    assertThat(model.card().data().path("license").asString()).isEqualTo("mit");
    assertThat(model.config().path("model_type").asString()).isEqualTo("bert");
    assertThat(model.safetensors().path("total").asLong()).isEqualTo(5);
    assertThat(model.files())
        .containsExactly(
            new RepositoryFile("config.json", 12, "1".repeat(40), null),
            new RepositoryFile("m/x.bin", 99, "2".repeat(40), "3".repeat(64)));
    assertThat(ModelJson.read(ModelJson.write(model, true, true))).isEqualTo(model);
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../etc/passwd", "/etc/passwd", "a\\\\b", "a/../b", "a\\u0000b", ""})
  void refusesRepositoriesWithHostileFileNames(String name) {
    hub.thenJson("{\"id\":\"acme/bert\",\"siblings\":[{\"rfilename\":\"" + name + "\"}]}");
    assertThatExceptionOfType(ProtocolViolation.class)
        .isThrownBy(() -> client.modelInfo(ID, Revision.MAIN))
        .withMessageContaining("unsafe name");

    hub.thenJson("[{\"type\":\"file\",\"path\":\"" + name + "\",\"size\":1}]")
        .thenJson("[{\"type\":\"file\",\"path\":\"" + name + "\",\"size\":1}]");
    assertThatExceptionOfType(ProtocolViolation.class)
        .isThrownBy(
            () -> {
              client.tree(ID, Revision.MAIN);
              client.tree(ID, Revision.MAIN);
            });
  }

  @Test
  void readsATreeOverAllItsPages() throws Exception {
    String first =
        "[{\"type\":\"directory\",\"path\":\"m\"},{\"type\":\"file\",\"path\":\"a\",\"size\":1}]";
    String second =
        "[{\"type\":\"file\",\"path\":\"m/b\",\"size\":2,\"oid\":\"%s\",\"lfs\":{\"oid\":\"%s\",\"size\":2}}]"
            .formatted("1".repeat(40), "2".repeat(64));
    hub.then(
            page(
                first,
                "<" + hub.endpoint() + "/api/models/acme/bert/tree/main?cursor=x>; rel=\"next\""))
        .thenJson(second);

    assertThat(client.tree(ID, Revision.MAIN))
        .containsExactly(
            new RepositoryFile("a", 1, null, null),
            new RepositoryFile("m/b", 2, "1".repeat(40), "2".repeat(64)));
    assertThat(hub.asked.getFirst().path()).endsWith("/tree/main?recursive=true");
  }

  @Test
  void noticesATreeThatNeverEnds() {
    hub.then(
        page(
            "[]",
            "<"
                + hub.endpoint()
                + "/api/models/acme/bert/tree/main?recursive=true>; rel=\"next\""));

    assertThatExceptionOfType(ProtocolViolation.class)
        .isThrownBy(() -> client.tree(ID, Revision.MAIN))
        .withMessageContaining("circle");
  }

  @Test
  void waitsAsLongAsTheHubAsks() throws Exception {
    hub.thenStatus(429, Map.of("Retry-After", "7"))
        .thenStatus(429, Map.of("RateLimit", "\"api\";r=0;t=55"))
        .thenJson("[]");

    client.listModels(ModelQuery.ALL);

    assertThat(clients.pauses).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(56));
  }

  @Test
  void waitsBeforeTheNextRequestWhenTheWindowIsUsedUp() throws Exception {
    hub.then(answer(200, Map.of("RateLimit", "\"api\";r=0;t=9"), "[]".getBytes(UTF_8)))
        .thenJson("[]");

    client.listModels(ModelQuery.ALL);
    assertThat(clients.pauses).isEmpty();
    client.listModels(ModelQuery.ALL);

    assertThat(clients.pauses).containsExactly(Duration.ofSeconds(10));
  }

  @Test
  void doesNotWaitLongerThanItsPatience() {
    hub.thenStatus(429, Map.of("Retry-After", "3600"));

    assertThatExceptionOfType(RateLimited.class)
        .isThrownBy(() -> client.listModels(ModelQuery.ALL))
        .returns(Duration.ofHours(1), RateLimited::retryAfter);
    assertThat(clients.pauses).isEmpty();
  }

  @Test
  void doesNotWaitWithoutEndForAHubThatKeepsRefusing() {
    hub.thenStatus(429, Map.of("Retry-After", "30"));

    assertThatExceptionOfType(RateLimited.class)
        .isThrownBy(() -> client.listModels(ModelQuery.ALL));
    assertThat(clients.pauses).hasSize(3);
  }

  @Test
  void triesAgainAfterServerErrors() throws Exception {
    hub.thenStatus(503, Map.of()).thenStatus(500, Map.of()).thenJson("[{\"id\":\"a/b\"}]");

    assertThat(client.listModels(ModelQuery.ALL).models()).hasSize(1);
    assertThat(clients.pauses).hasSize(2).allMatch(pause -> pause.toMillis() <= 200);
  }

  @Test
  void givesUpAfterTooManyServerErrors() {
    hub.thenStatus(500, Map.of());

    assertThatExceptionOfType(HubUnreachable.class)
        .isThrownBy(() -> client.listModels(ModelQuery.ALL))
        .withMessageContaining("500");
    assertThat(hub.asked).hasSize(3);
  }

  @Test
  void saysThatNobodyListens() throws IOException {
    int port;
    try (var socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    try (var lonely = clients.client(URI.create("http://127.0.0.1:" + port))) {
      assertThatExceptionOfType(HubUnreachable.class)
          .isThrownBy(() -> lonely.listModels(ModelQuery.ALL))
          .withMessageContaining(Integer.toString(port));
    }
  }

  @Test
  void tellsErrorsApart() {
    assertError(404, Map.of("X-Error-Code", "RepoNotFound"), RepositoryNotFound.class);
    assertError(401, Map.of(), RepositoryNotFound.class);
    assertError(401, Map.of("X-Error-Code", "RepoNotFound"), RepositoryNotFound.class);
    assertError(401, Map.of("X-Error-Code", "GatedRepo"), GatedRepository.class);
    assertError(403, Map.of("X-Error-Code", "GatedRepo"), GatedRepository.class);
    assertError(404, Map.of("X-Error-Code", "RevisionNotFound"), RevisionNotFound.class);
    assertError(
        401,
        Map.of("X-Error-Message", "Invalid credentials in Authorization header"),
        InvalidCredentials.class);
    assertError(
        403,
        Map.of("X-Error-Message", "Access to this resource is disabled."),
        RepositoryDisabled.class);
    assertError(403, Map.of(), InvalidCredentials.class);
    assertError(418, Map.of(), ProtocolViolation.class);
  }

  private void assertError(
      int status, Map<String, String> headers, Class<? extends HubException> type) {
    try (var failing = new ScriptedHub();
        var asking = clients.client(failing.endpoint())) {
      failing.thenStatus(status, headers);
      assertThatExceptionOfType(HubException.class)
          .isThrownBy(() -> asking.modelInfo(ID, Revision.of("v1")))
          .isInstanceOf(type);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void refusesAnswersThatAreTooLongOrNoJsonOrNoList() {
    hub.thenJson("[" + " ".repeat(2000) + "]").thenJson("<html>").thenJson("{}").thenJson("{}");
    try (var careful = clients.client(hub.endpoint(), Duration.ofSeconds(5), 1000)) {
      for (String complaint : List.of("more than 1000 bytes", "not JSON", "no JSON array")) {
        assertThatExceptionOfType(ProtocolViolation.class)
            .isThrownBy(() -> careful.listModels(ModelQuery.ALL))
            .withMessageContaining(complaint);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"file:///tmp", "ftp://hub", "hub", "http:/x"})
  void takesOnlyHttpEndpoints(String endpoint) {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> HubClientSettings.of(URI.create(endpoint)));
  }

  private static com.sun.net.httpserver.HttpHandler page(String body, String link) {
    return answer(200, Map.of("Link", link), body.getBytes(UTF_8));
  }

  private static List<String> ids(ModelPage page) {
    return page.models().stream().map(model -> model.id().value()).toList();
  }
}
