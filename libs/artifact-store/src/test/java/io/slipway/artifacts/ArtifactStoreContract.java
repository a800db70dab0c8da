package io.slipway.artifacts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.slipway.artifacts.ArtifactStoreException.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link ArtifactStore} promises. */
abstract class ArtifactStoreContract {

  private static final Digest HELLO =
      Digest.of("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");

  @TempDir Path outside;

  ArtifactStore store;

  /** A store that is empty the first time, and the same one when it is opened again. */
  abstract ArtifactStore open();

  @BeforeEach
  void openStore() {
    store = open();
  }

  @Test
  void keepsContentUnderItsDigest() throws IOException {
    StoredBlob blob = store.write(stream("hello"), 5);

    assertThat(blob).isEqualTo(new StoredBlob(HELLO, 5));
    assertThat(store.contains(HELLO)).isTrue();
    assertThat(store.size(HELLO)).isEqualTo(5);
    assertThat(read(store, HELLO)).isEqualTo("hello");
    assertThat(store.path(HELLO)).hasContent("hello");
    assertThat(read(open(), HELLO)).isEqualTo("hello");
  }

  @Test
  void keepsEmptyContentToo() {
    StoredBlob blob = store.write(stream(""), 0);

    assertThat(blob.sizeBytes()).isZero();
    assertThat(store.contains(blob.digest())).isTrue();
  }

  @Test
  void storesTheSameContentOnce() {
    StoredBlob first = store.write(stream("hello"), 100);

    assertThat(store.write(stream("hello"), 100)).isEqualTo(first);
    assertThat(store.delete(HELLO)).isTrue();
    assertThat(store.contains(HELLO)).isFalse();
    assertThat(store.delete(HELLO)).isFalse();
  }

  @Test
  void refusesContentOverTheLimitAndKeepsNothing() {
    assertKind(Kind.TOO_LARGE, () -> store.write(stream("hello"), 4));
    assertThat(store.contains(HELLO)).isFalse();
  }

  @Test
  void refusesContentThatEndsTooSoonOrRunsOnOrDiffers() {
    var expected = new StoredBlob(HELLO, 5);

    assertKind(Kind.TRUNCATED, () -> store.write(stream("hell"), expected));
    assertKind(Kind.TOO_LARGE, () -> store.write(stream("hello!"), expected));
    assertKind(Kind.DIGEST_MISMATCH, () -> store.write(stream("hallo"), expected));
    assertThat(store.contains(HELLO)).isFalse();
    assertThat(store.write(stream("hello"), expected)).isEqualTo(expected);
  }

  @Test
  void tellsAnInputThatBreaksFromAStoreThatFails() {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("connection reset");
          }
        };

    assertThatExceptionOfType(ArtifactStoreException.class)
        .isThrownBy(() -> store.write(broken, 100))
        .withMessageContaining("connection reset")
        .returns(Kind.SOURCE_FAILED, ArtifactStoreException::kind);
  }

  @Test
  void namesTheBlobThatIsMissing() {
    assertKind(Kind.MISSING_BLOB, () -> store.read(HELLO));
    assertKind(Kind.MISSING_BLOB, () -> store.path(HELLO));
    assertThatExceptionOfType(ArtifactStoreException.class)
        .isThrownBy(() -> store.size(HELLO))
        .withMessageContaining(HELLO.hex());
  }

  @Test
  void copiesAFileAndLeavesItWhereItIs() throws IOException {
    Path file = Files.writeString(outside.resolve("a"), "hello");

    assertThat(store.write(file)).isEqualTo(new StoredBlob(HELLO, 5));
    assertThat(file).hasContent("hello");
    assertKind(Kind.SOURCE_FAILED, () -> store.write(outside.resolve("absent")));
  }

  @Test
  void adoptsAFileAndTakesItAway() throws IOException {
    Path file = Files.writeString(outside.resolve("a"), "hello");

    assertThat(store.adopt(file)).isEqualTo(new StoredBlob(HELLO, 5));
    assertThat(file).doesNotExist();
    assertThat(read(store, HELLO)).isEqualTo("hello");
    assertKind(Kind.SOURCE_FAILED, () -> store.adopt(file));
  }

  @Test
  void adoptsTheContentBehindALinkAndNotTheLink() throws IOException {
    Path file = Files.writeString(outside.resolve("a"), "hello");
    Path link = Files.createSymbolicLink(outside.resolve("b"), file);

    store.adopt(link);
    Files.delete(file);

    assertThat(link).doesNotExist();
    assertThat(read(store, HELLO)).isEqualTo("hello");
  }

  @Test
  void resumesAPartialBlobWhereItStopped() throws IOException {
    try (PartialBlob partial = store.partial(HELLO)) {
      append(partial, "hel");
    }
    assertThat(store.contains(HELLO)).isFalse();

    PartialBlob resumed = open().partial(HELLO);
    assertThat(resumed.length()).isEqualTo(3);
    try (InputStream arrived = resumed.read()) {
      assertThat(arrived).hasContent("hel");
    }
    append(resumed, "lo");

    assertThat(resumed.complete()).isEqualTo(new StoredBlob(HELLO, 5));
    assertThat(read(store, HELLO)).isEqualTo("hello");
    assertThat(newLength(HELLO)).isZero();
  }

  @Test
  void readsWhatHasArrivedOfAPartialBlob() throws IOException {
    try (PartialBlob partial = store.partial(HELLO)) {
      append(partial, "hel");
      try (var arrived = partial.read()) {
        assertThat(arrived).hasContent("hel");
      }
      append(partial, "lo");
      assertThat(partial.complete().sizeBytes()).isEqualTo(5);
    }
  }

  @Test
  void discardsAPartialBlobWithTheWrongContent() {
    PartialBlob partial = store.partial(HELLO);
    append(partial, "hallo");

    assertKind(Kind.DIGEST_MISMATCH, partial::complete);

    assertThat(store.contains(HELLO)).isFalse();
    assertThat(newLength(HELLO)).isZero();
  }

  @Test
  void startsAPartialBlobAgainWhenTheSourceDoes() {
    PartialBlob partial = store.partial(HELLO);
    append(partial, "xxxxxxxxxx");
    partial.restart();
    append(partial, "hello");

    assertThat(partial.complete().sizeBytes()).isEqualTo(5);
  }

  @Test
  void forgetsADiscardedPartialBlob() {
    PartialBlob partial = store.partial(HELLO);
    append(partial, "hel");
    partial.discard();

    assertThat(newLength(HELLO)).isZero();
  }

  @Test
  void givesASecondWriterOfTheSameBlobItsOwnPart() throws IOException {
    PartialBlob first = store.partial(HELLO);
    append(first, "hel");
    PartialBlob second = open().partial(HELLO);

    assertThat(second.length()).isZero();
    append(second, "hello");
    second.complete();
    append(first, "lo");
    first.complete();

    assertThat(read(store, HELLO)).isEqualTo("hello");
  }

  @Test
  void survivesManyWritersOfTheSameContent() throws Exception {
    byte[] content = new byte[300_000];
    new Random(1).nextBytes(content);
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<StoredBlob> write =
          () -> open().write(new ByteArrayInputStream(content), content.length);
      for (Future<StoredBlob> written :
          executor.invokeAll(List.of(write, write, write, write, write, write))) {
        assertThat(written.get().digest()).isEqualTo(Digest.ofContent(content));
      }
    }
    try (InputStream stored = store.read(Digest.ofContent(content))) {
      assertThat(stored.readAllBytes()).isEqualTo(content);
    }
  }

  private long newLength(Digest digest) {
    try (PartialBlob partial = store.partial(digest)) {
      return partial.length();
    }
  }

  static void append(PartialBlob partial, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    partial.append(bytes, 0, bytes.length);
  }

  static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }

  static String read(ArtifactStore store, Digest digest) throws IOException {
    try (InputStream content = store.read(digest)) {
      return new String(content.readAllBytes(), UTF_8);
    }
  }

  static void assertKind(Kind kind, ThrowingCallable call) {
    assertThatExceptionOfType(ArtifactStoreException.class)
        .isThrownBy(call)
        .returns(kind, ArtifactStoreException::kind);
  }
}
