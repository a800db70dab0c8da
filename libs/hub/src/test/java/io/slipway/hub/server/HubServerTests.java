package io.slipway.hub.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.slipway.hub.HubClient;
import io.slipway.hub.HubClientSettings;
import io.slipway.hub.HubException.EntryNotFound;
import io.slipway.hub.HubException.GatedRepository;
import io.slipway.hub.HubException.RepositoryNotFound;
import io.slipway.hub.HubException.RevisionNotFound;
import io.slipway.hub.HubFile;
import io.slipway.hub.ModelInfo;
import io.slipway.hub.ModelPage;
import io.slipway.hub.ModelPages;
import io.slipway.hub.ModelQuery;
import io.slipway.hub.RepositoryFile;
import io.slipway.hub.RepositoryId;
import io.slipway.hub.Revision;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HubServerTests {

  private static final RepositoryId ID = RepositoryId.of("acme/bert");
  private static final String CARD =
      """
      ---
      pipeline_tag: text-classification
      license: apache-2.0
      language: [en, de]
      tags:
      - support
      ---
      # A model
      """;

  @TempDir Path root;

  private final HttpClient http = HttpClient.newHttpClient();
  private HubServer server;
  private HubClient client;

  @BeforeEach
  void startHub() throws IOException {
    Path model = Files.createDirectories(root.resolve("acme/bert"));
    Files.writeString(model.resolve("README.md"), CARD);
    Files.writeString(
        model.resolve("config.json"),
        "{\"model_type\":\"bert\",\"architectures\":[\"BertModel\"],\"hidden_size\":4}");
    Files.write(model.resolve("model.safetensors"), safetensors());
    Files.createDirectories(model.resolve("onnx/deep"));
    Files.writeString(model.resolve("onnx/deep/ö +.txt"), "0123456789");
    Files.createDirectories(model.resolve(".git"));
    Files.writeString(model.resolve(".git/config"), "secret");
    Files.writeString(root.resolve("outside.txt"), "secret");
    Files.createSymbolicLink(model.resolve("link.txt"), root.resolve("outside.txt"));
    serve(new DirectoryHubRepositories(root));
  }

  private void serve(HubRepositories repositories) throws IOException {
    server =
        HubServer.start(
            new HubRoutes(
                repositories, token -> Optional.of("ann").filter(u -> token.equals("good"))),
            "127.0.0.1",
            0);
    client = new HubClient(HubClientSettings.of(server.endpoint()));
  }

  @AfterEach
  void stopHub() {
    client.close();
    server.close();
  }

  @Test
  void describesAModelFromItsFilesAndItsCard() throws Exception {
    ModelInfo model = client.modelInfo(ID, Revision.MAIN);

    assertThat(model.sha()).matches("[0-9a-f]{40}");
    assertThat(model.card().pipelineTag()).isEqualTo("text-classification");
    assertThat(model.card().libraryName()).isEqualTo("transformers");
    assertThat(model.card().tags())
        .contains("transformers", "text-classification", "support", "en", "license:apache-2.0");
    assertThat(model.config().path("model_type").asString()).isEqualTo("bert");
    assertThat(model.safetensors().path("parameters").path("F32").asLong()).isEqualTo(6);
    assertThat(model.files())
        .extracting(RepositoryFile::path)
        .containsExactly("README.md", "config.json", "model.safetensors", "onnx/deep/ö +.txt");
    assertThat(model.file("model.safetensors").orElseThrow().isLarge()).isTrue();
    assertThat(client.tree(ID, Revision.MAIN)).isEqualTo(model.files());
  }

  @Test
  void servesEveryFileSoThatTheClientFindsItsChecksumRight() throws Exception {
    ModelInfo model = client.modelInfo(ID, Revision.MAIN);

    for (RepositoryFile file : model.files()) {
      byte[] content =
          client.read(new HubFile(ID, Revision.of(String.valueOf(model.sha())), file), 1 << 20);
      assertThat(content)
          .as(file.path())
          .isEqualTo(Files.readAllBytes(root.resolve("acme/bert").resolve(file.path())));
    }
  }

  @Test
  void tellsClientsWhatTheyNeedOnHead() throws Exception {
    ModelInfo model = client.modelInfo(ID, Revision.MAIN);
    RepositoryFile weights = model.file("model.safetensors").orElseThrow();
    HttpResponse<String> head = send("HEAD", "/acme/bert/resolve/main/model.safetensors", "");

    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.headers().firstValue("X-Repo-Commit")).hasValue(model.sha());
    assertThat(head.headers().firstValue("ETag")).hasValue("\"" + weights.sha256() + "\"");
    assertThat(head.headers().firstValue("X-Linked-Etag")).hasValue("\"" + weights.sha256() + "\"");
    assertThat(head.headers().firstValue("X-Linked-Size")).hasValue("" + weights.sizeBytes());
    assertThat(head.headers().firstValue("Content-Length")).hasValue("" + weights.sizeBytes());
    assertThat(head.headers().firstValue("Accept-Ranges")).hasValue("bytes");
    assertThat(head.headers().firstValue("X-Xet-Hash")).isEmpty();
    HttpResponse<String> small = send("HEAD", "/acme/bert/resolve/main/config.json", "");
    assertThat(small.headers().firstValue("ETag"))
        .hasValue("\"" + model.file("config.json").orElseThrow().gitOid() + "\"");
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=3-,206,3456789,bytes 3-9/10",
    "bytes=3-5,206,345,bytes 3-5/10",
    "bytes=-2,206,89,bytes 8-9/10",
    "bytes=8-99,206,89,bytes 8-9/10",
    "'bytes=0-1,4-5',200,0123456789,",
    "bytes=x,200,0123456789,",
    "bytes=10-,416,,bytes */10"
  })
  void servesRanges(String range, int status, String body, String contentRange) throws Exception {
    HttpResponse<String> response =
        send("GET", "/acme/bert/resolve/main/onnx/deep/%C3%B6%20+.txt", range);

    assertThat(response.statusCode()).isEqualTo(status);
    if (body != null) {
      assertThat(response.body()).isEqualTo(body);
    }
    assertThat(response.headers().firstValue("Content-Range").orElse(null)).isEqualTo(contentRange);
  }

  @Test
  void sendsTheWholeFileWhenTheRangeIsOfAnotherVersion() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(
                server.endpoint().resolve("/acme/bert/resolve/main/onnx/deep/%C3%B6%20+.txt"))
            .header("Range", "bytes=3-")
            .header("If-Range", "\"older\"")
            .build();

    assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../outside.txt",
        "..%2F..%2Foutside.txt",
        "%2e%2e/%2e%2e/outside.txt",
        "link.txt",
        ".git/config",
        "onnx/../config.json",
        "onnx",
        "%00"
      })
  void servesNothingThatIsNotAFileOfTheRepository(String path) throws Exception {
    HttpResponse<String> response = send("GET", "/acme/bert/resolve/main/" + path, "");

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.headers().firstValue("X-Error-Code")).hasValue("EntryNotFound");
    assertThat(response.headers().firstValue("X-Repo-Commit")).isPresent();
    assertThat(response.body()).doesNotContain("secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/%zz", "/api/models?limit=x", "/api/models?sort=x", "/api/models?cursor=x"})
  void complainsAboutRequestsThatMakeNoSense(String path) throws Exception {
    try (var socket = new java.net.Socket("127.0.0.1", server.endpoint().getPort())) {
      socket
          .getOutputStream()
          .write(("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(UTF_8));
      assertThat(new String(socket.getInputStream().readNBytes(12), UTF_8))
          .isEqualTo("HTTP/1.1 400");
    }
  }

  @Test
  void saysWhatIsMissing() {
    assertThatExceptionOfType(RepositoryNotFound.class)
        .isThrownBy(() -> client.modelInfo(RepositoryId.of("no/such"), Revision.MAIN));
    assertThatExceptionOfType(RevisionNotFound.class)
        .isThrownBy(() -> client.modelInfo(ID, Revision.of("v9")));
    assertThatExceptionOfType(EntryNotFound.class)
        .isThrownBy(
            () -> client.read(new HubFile(ID, Revision.MAIN, RepositoryFile.named("no")), 9));
  }

  @Test
  void givesChangedContentAnotherCommit() throws Exception {
    String before = client.modelInfo(ID, Revision.MAIN).sha();
    Files.writeString(root.resolve("acme/bert/new.txt"), "x");

    String after = client.modelInfo(ID, Revision.MAIN).sha();

    assertThat(after).isNotEqualTo(before);
    assertThatExceptionOfType(RevisionNotFound.class)
        .isThrownBy(() -> client.modelInfo(ID, Revision.of(before)));
  }

  @Test
  void listsFiltersSortsAndPages() throws Exception {
    for (int i = 0; i < 25; i++) {
      Path model = Files.createDirectories(root.resolve("many/model-" + i));
      Path card =
          Files.writeString(model.resolve("README.md"), CARD.replace("support", "tag" + i % 2));
      Files.setLastModifiedTime(card, FileTime.from(Instant.ofEpochSecond(1_000_000 + i)));
    }
    List<String> ids = new ArrayList<>();
    ModelPages pages =
        client.pages(
            ModelQuery.ALL
                .by("many")
                .tagged("tag1", "en")
                .sorted(ModelQuery.Sort.LAST_MODIFIED, true)
                .limitedTo(5));
    while (pages.hasNext()) {
      ModelPage page = pages.next();
      assertThat(page.models()).hasSizeLessThanOrEqualTo(5);
      page.models().forEach(model -> ids.add(model.id().name()));
    }

    assertThat(ids).hasSize(12).startsWith("model-23", "model-21").endsWith("model-1");
    assertThat(client.listModels(ModelQuery.ALL.searching("BERT acme")).models()).hasSize(1);
    assertThat(client.listModels(ModelQuery.ALL.forTask("fill-mask")).models()).isEmpty();
  }

  @Test
  void keepsItsPlaceWhenModelsComeAndGoBetweenPages() throws Exception {
    for (String name : List.of("a", "c", "e")) {
      Files.createDirectories(root.resolve("x/" + name));
    }
    ModelPages pages = client.pages(ModelQuery.ALL.by("x").limitedTo(2));
    pages.next();
    Files.delete(root.resolve("x/a"));
    Files.createDirectories(root.resolve("x/d"));

    assertThat(pages.next().models())
        .extracting(model -> model.id().name())
        .containsExactly("d", "e");
  }

  @Test
  void describesSinglePaths() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(server.endpoint().resolve("/api/models/acme/bert/paths-info/main"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString("paths=config.json&paths=onnx&paths=no"))
            .build();

    assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).body())
        .contains("\"path\":\"config.json\"")
        .contains("\"type\":\"directory\"")
        .doesNotContain("\"no\"");
  }

  @Test
  void listsOneLevelOfATree() throws Exception {
    assertThat(send("GET", "/api/models/acme/bert/tree/main", "").body())
        .contains("\"path\":\"onnx\"")
        .doesNotContain("deep");
    assertThat(send("GET", "/api/models/acme/bert/tree/main/onnx%2Fdeep", "").body())
        .contains("ö +.txt")
        .doesNotContain("config.json");
    assertThat(send("GET", "/api/models/acme/bert/tree/main/nope", "").statusCode()).isEqualTo(404);
  }

  @Test
  void knowsWhoseTokenItIs() throws Exception {
    assertThat(whoAmI("good").body()).contains("\"name\":\"ann\"");
    assertThat(whoAmI("bad").statusCode()).isEqualTo(401);
  }

  @Test
  void passesOnThatARepositoryIsGated() throws Exception {
    stopHub();
    var open = new DirectoryHubRepositories(root);
    serve(
        new HubRepositories() {
          @Override
          public ModelPage list(ModelQuery query, Optional<String> cursor) {
            return open.list(query, cursor);
          }

          @Override
          public ModelInfo find(RepositoryId id, Revision revision) {
            throw new GatedRepository(id, "accept the conditions first");
          }

          @Override
          public InputStream open(ModelInfo model, RepositoryFile file, long offset) {
            throw new AssertionError("A gated file was opened");
          }
        });

    assertThatExceptionOfType(GatedRepository.class)
        .isThrownBy(() -> client.modelInfo(ID, Revision.MAIN))
        .withMessageContaining("accept the conditions");
  }

  @Test
  void describesModelsWhoseCardsCannotBeRead() throws Exception {
    Path card = root.resolve("acme/bert/README.md");
    for (String hostile :
        List.of(
            "---\na: &a [*a]\n---\n",
            "---\na: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n---\n",
            "---\n" + "[".repeat(5000) + "\n---\n",
            "---\n!!javax.script.ScriptEngineManager [x]\n---\n",
            "---\n\tx: {\n---\n",
            "---\n- a list\n---\n")) {
      Files.writeString(card, hostile);
      assertThat(client.modelInfo(ID, Revision.MAIN).card().data().isNull()).as(hostile).isTrue();
    }
  }

  private HttpResponse<String> whoAmI(String token) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(server.endpoint().resolve("/api/whoami-v2"))
            .header("Authorization", "Bearer " + token)
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> send(String method, String path, String range) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.endpoint() + path))
            .method(method, HttpRequest.BodyPublishers.noBody());
    if (!range.isEmpty()) {
      request.header("Range", range);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static byte[] safetensors() {
    byte[] header =
        "{\"__metadata__\":{},\"w\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]}}"
            .getBytes(UTF_8);
    return ByteBuffer.allocate(8 + header.length + 24)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(header.length)
        .put(header)
        .array();
  }
}
