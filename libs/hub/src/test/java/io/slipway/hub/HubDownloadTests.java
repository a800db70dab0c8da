package io.slipway.hub;

import static io.slipway.hub.ScriptedHub.answer;
import static io.slipway.hub.ScriptedHub.breakAfter;
import static io.slipway.hub.ScriptedHub.serve;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.slipway.hub.HubException.CorruptDownload;
import io.slipway.hub.HubException.EntryNotFound;
import io.slipway.hub.HubException.FileTooLarge;
import io.slipway.hub.HubException.HubUnreachable;
import io.slipway.hub.HubException.ProtocolViolation;
import io.slipway.hub.ScriptedHub.Asked;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HubDownloadTests {

  private static final RepositoryId ID = RepositoryId.of("acme/bert");
  private static final Revision COMMIT = Revision.of("a".repeat(40));
  private static final byte[] CONTENT = new byte[300_000];
  private static final String SHA256;
  private static final Map<String, String> HEADERS =
      Map.of("X-Repo-Commit", COMMIT.value(), "ETag", "\"storage\"");

  static {
    new Random(1).nextBytes(CONTENT);
    SHA256 = hash("SHA-256", CONTENT);
  }

  @TempDir Path directory;

  private final TestClients clients = new TestClients();
  private ScriptedHub hub;
  private HubClient client;
  private Path file;

  @BeforeEach
  void start() throws IOException {
    hub = new ScriptedHub();
    client = clients.client(hub.endpoint());
    file = directory.resolve("weights");
  }

  @AfterEach
  void stop() {
    client.close();
    hub.close();
  }

  @Test
  void checksALargeFileByItsSha256() throws Exception {
    hub.then(serve(CONTENT, HEADERS));
    List<Long> progress = new ArrayList<>();

    Downloaded downloaded = download(large(), (bytes, total) -> progress.add(bytes));

    assertThat(downloaded).isEqualTo(new Downloaded("a b/ü.bin", CONTENT.length, SHA256));
    assertThat(Files.readAllBytes(file)).isEqualTo(CONTENT);
    assertThat(progress).isSorted().endsWith((long) CONTENT.length);
    assertThat(hub.asked)
        .containsExactly(
            new Asked(
                "/acme/bert/resolve/" + COMMIT + "/a%20b/%C3%BC.bin", "", "Bearer hf_secret"));
  }

  @Test
  void checksAnyOtherFileByItsGitObject() throws Exception {
    hub.then(serve("hello\n".getBytes(UTF_8), HEADERS));
    // What "git hash-object" says of a file with the line hello.
    var known = new RepositoryFile("x", 6, "ce013625030ba8dba906f756967f9e9ca394464a", null);

    assertThat(client.read(source(known), 100)).asString(UTF_8).isEqualTo("hello\n");
    assertThatExceptionOfType(CorruptDownload.class)
        .isThrownBy(
            () -> client.read(source(new RepositoryFile("x", 6, "0".repeat(40), null)), 100));
  }

  @Test
  void takesSizeAndChecksumFromTheAnswerWhenTheyAreNotKnown() throws Exception {
    hub.then(serve(CONTENT, Map.of("X-Linked-Etag", "\"" + SHA256 + "\"", "ETag", "\"other\"")));

    assertThat(client.read(source(RepositoryFile.named("x")), 1 << 20)).isEqualTo(CONTENT);
  }

  @Test
  void refusesAFileWithoutAnyChecksum() {
    hub.then(serve(CONTENT, HEADERS));

    assertThatExceptionOfType(ProtocolViolation.class)
        .isThrownBy(() -> client.read(source(RepositoryFile.named("x")), 1 << 20))
        .withMessageContaining("no checksum");
  }

  @Test
  void resumesWhenTheConnectionBreaksInMidDownload() throws Exception {
    hub.then(breakAfter(100_000, CONTENT, HEADERS))
        .then(breakAfter(50_000, CONTENT, HEADERS))
        .then(serve(CONTENT, HEADERS));

    download(large());

    assertThat(Files.readAllBytes(file)).isEqualTo(CONTENT);
    assertThat(hub.asked)
        .extracting(Asked::range)
        .containsExactly("", "bytes=100000-", "bytes=150000-");
  }

  @Test
  void resumesFromWhatAnEarlierProcessLeft() throws Exception {
    Files.write(file, java.util.Arrays.copyOf(CONTENT, 1234));
    hub.then(serve(CONTENT, HEADERS));

    download(large());

    assertThat(Files.readAllBytes(file)).isEqualTo(CONTENT);
    assertThat(hub.asked).extracting(Asked::range).containsExactly("bytes=1234-");
  }

  @Test
  void asksForNothingWhenEverythingIsThere() throws Exception {
    Files.write(file, CONTENT);

    assertThat(download(large()).sizeBytes()).isEqualTo(CONTENT.length);
    assertThat(hub.asked).isEmpty();
  }

  @Test
  void startsAgainWhenTheHubIgnoresTheRange() throws Exception {
    Files.write(file, new byte[1234]);
    hub.then(answer(200, HEADERS, CONTENT));

    download(large());

    assertThat(Files.readAllBytes(file)).isEqualTo(CONTENT);
  }

  @Test
  void startsAgainWhenTheBytesOfAnEarlierProcessWereWrong() throws Exception {
    Files.write(file, new byte[1234]);
    hub.then(serve(CONTENT, HEADERS));

    download(large());

    assertThat(Files.readAllBytes(file)).isEqualTo(CONTENT);
    assertThat(hub.asked).extracting(Asked::range).containsExactly("bytes=1234-", "");
  }

  @Test
  void refusesAWrongChecksumAndKeepsNothing() {
    byte[] altered = CONTENT.clone();
    altered[77]++;
    hub.then(serve(altered, HEADERS));

    assertThatExceptionOfType(CorruptDownload.class)
        .isThrownBy(() -> download(large()))
        .withMessageContaining(SHA256);
    assertThat(file).isEmptyFile();
  }

  @Test
  void refusesAnotherSizeThanWasAnnounced() {
    hub.then(serve(new byte[5], HEADERS));

    assertThatExceptionOfType(CorruptDownload.class)
        .isThrownBy(() -> download(large()))
        .withMessageContaining("5 bytes");
  }

  @Test
  void givesUpWhenNothingMoreArrivesAndKeepsWhatDid() {
    hub.then(breakAfter(100_000, CONTENT, HEADERS)).then(breakAfter(0, CONTENT, HEADERS));

    assertThatExceptionOfType(HubUnreachable.class)
        .isThrownBy(() -> download(large()))
        .withMessageContaining("100000 of 300000");
    assertThat(file).hasSize(100_000);
  }

  @Test
  void doesNotWaitForeverForAStalledConnection() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    hub.then(
            exchange -> {
              breakAfter(100_000, CONTENT, HEADERS).handle(exchange);
              try {
                over.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            })
        .then(serve(CONTENT, HEADERS));
    try (var impatient = clients.client(hub.endpoint(), Duration.ofMillis(300), 1000);
        var target = new FileDownloadTarget(file)) {
      impatient.download(source(large()), target, DownloadProgress.IGNORED, 1 << 20);
    } finally {
      over.countDown();
    }

    assertThat(Files.readAllBytes(file)).isEqualTo(CONTENT);
  }

  @Test
  void stopsWhenItsThreadIsInterrupted() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    hub.then(
        exchange -> {
          breakAfter(100_000, CONTENT, HEADERS).handle(exchange);
          try {
            over.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread downloading =
        Thread.startVirtualThread(
            () -> {
              try {
                download(large());
              } catch (IOException | InterruptedException | HubException e) {
                thrown.set(e);
              }
            });
    await().until(() -> Files.exists(file) && Files.size(file) == 100_000);
    downloading.interrupt();
    downloading.join();
    over.countDown();

    assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    assertThat(hub.asked).hasSize(1);
  }

  @Test
  void refusesFilesOverTheLimitWithoutReadingThem() {
    hub.then(serve(CONTENT, Map.of("ETag", "\"" + SHA256 + "\"")));

    assertThatExceptionOfType(FileTooLarge.class)
        .isThrownBy(() -> client.read(source(large()), 299_999));
    assertThat(hub.asked).isEmpty();
    assertThatExceptionOfType(FileTooLarge.class)
        .isThrownBy(() -> client.read(source(RepositoryFile.named("x")), 299_999))
        .withMessageContaining("300000");
  }

  @Test
  void keepsTheTokenToItselfWhenRedirectedToAnotherHost() throws Exception {
    try (var storage = new ScriptedHub()) {
      storage.then(serve(CONTENT, Map.of("ETag", "\"storage\"")));
      hub.then(
          answer(
              302,
              Map.of(
                  "Location",
                  "http://localhost:" + storage.port() + "/blob?signature=1",
                  "X-Repo-Commit",
                  COMMIT.value(),
                  "X-Linked-Etag",
                  "\"" + SHA256 + "\""),
              new byte[0]));

      assertThat(client.read(source(RepositoryFile.named("x")), 1 << 20)).isEqualTo(CONTENT);

      assertThat(hub.asked.getFirst().authorization()).isEqualTo("Bearer hf_secret");
      assertThat(storage.asked).containsExactly(new Asked("/blob?signature=1", "", ""));
    }
  }

  @Test
  void keepsTheTokenOnARedirectToTheSameHub() throws Exception {
    hub.then(answer(307, Map.of("Location", "/new/name"), new byte[0]))
        .then(serve(CONTENT, HEADERS));

    download(large());

    assertThat(hub.asked.getLast()).isEqualTo(new Asked("/new/name", "", "Bearer hf_secret"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"file:///etc/passwd", "ftp://x/y", "jar:file:/x!/y", "http:///x", "::"})
  void followsNoRedirectAwayFromHttp(String location) {
    hub.then(answer(302, Map.of("Location", location), new byte[0]));

    assertThatExceptionOfType(ProtocolViolation.class).isThrownBy(() -> download(large()));
  }

  @Test
  void followsNoEndlessRedirects() {
    hub.then(answer(302, Map.of("Location", "/again"), new byte[0]));

    assertThatExceptionOfType(ProtocolViolation.class).isThrownBy(() -> download(large()));
  }

  @Test
  void refusesTheContentOfAnotherCommit() {
    hub.then(serve(CONTENT, Map.of("X-Repo-Commit", "b".repeat(40))));

    assertThatExceptionOfType(ProtocolViolation.class)
        .isThrownBy(() -> download(large()))
        .withMessageContaining(COMMIT.value());
  }

  @Test
  void refusesARangeThatBeginsElsewhere() throws IOException {
    Files.write(file, java.util.Arrays.copyOf(CONTENT, 1000));
    hub.then(answer(206, Map.of("Content-Range", "bytes 0-299999/300000"), CONTENT));

    assertThatExceptionOfType(ProtocolViolation.class).isThrownBy(() -> download(large()));
  }

  @Test
  void refusesCompressedContent() {
    hub.then(answer(200, Map.of("Content-Encoding", "gzip"), CONTENT));

    assertThatExceptionOfType(ProtocolViolation.class).isThrownBy(() -> download(large()));
  }

  @Test
  void namesTheFileThatIsMissing() {
    hub.thenStatus(404, Map.of("X-Error-Code", "EntryNotFound"));

    assertThatExceptionOfType(EntryNotFound.class)
        .isThrownBy(() -> download(large()))
        .withMessageContaining("a b/ü.bin")
        .withMessageContaining("acme/bert");
  }

  private Downloaded download(RepositoryFile wanted) throws IOException, InterruptedException {
    return download(wanted, DownloadProgress.IGNORED);
  }

  private Downloaded download(RepositoryFile wanted, DownloadProgress progress)
      throws IOException, InterruptedException {
    try (var target = new FileDownloadTarget(file)) {
      return client.download(source(wanted), target, progress, 1 << 20);
    }
  }

  private static RepositoryFile large() {
    return new RepositoryFile("a b/ü.bin", CONTENT.length, null, SHA256);
  }

  private static HubFile source(RepositoryFile wanted) {
    return new HubFile(ID, COMMIT, wanted);
  }

  private static String hash(String algorithm, byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
