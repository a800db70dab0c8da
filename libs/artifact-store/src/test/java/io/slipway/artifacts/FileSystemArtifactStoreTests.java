package io.slipway.artifacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.slipway.artifacts.ArtifactStoreException.Kind;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSystemArtifactStoreTests extends ArtifactStoreContract {

  private static final Instant LONG_AGO = Instant.parse("2020-01-01T00:00:00Z");

  @TempDir Path root;

  @Override
  ArtifactStore open() {
    return new FileSystemArtifactStore(root);
  }

  @Test
  void laysBlobsOutByTheBeginningOfTheirDigestAndMakesThemReadOnly() throws IOException {
    Digest digest = store.write(stream("hello"), 5).digest();

    Path blob = root.resolve("blobs/sha256/2c").resolve(digest.hex());
    assertThat(store.path(digest)).isEqualTo(blob);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(blob)))
        .isEqualTo("r--r--r--");
  }

  @Test
  void leavesNoTemporaryFileBehind() throws IOException {
    store.write(stream("hello"), 5);
    assertKind(Kind.TOO_LARGE, () -> store.write(stream("hello"), 1));

    try (Stream<Path> files = Files.list(root.resolve("temporary"))) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void replacesABlobWhoseFileWasCutShort() throws IOException {
    Digest digest = store.write(stream("hello"), 5).digest();
    Path blob = store.path(digest);
    Files.delete(blob);
    Files.writeString(blob, "he");

    store.write(stream("hello"), 5);

    assertThat(read(store, digest)).isEqualTo("hello");
  }

  @Test
  void removesOnlyWhatIsOldAndNotInUse() throws IOException {
    var fileSystemStore = (FileSystemArtifactStore) store;
    Digest old = Digest.ofText("old");
    Digest used = Digest.ofText("used");
    try (PartialBlob partial = store.partial(old)) {
      append(partial, "o");
    }
    Path left = Files.writeString(root.resolve("temporary/left-behind"), "x");
    try (PartialBlob inUse = store.partial(used);
        PartialBlob fresh = store.partial(Digest.ofText("fresh"))) {
      for (Path file : new Path[] {left, partialFile(old), partialFile(used)}) {
        Files.setLastModifiedTime(file, FileTime.from(LONG_AGO));
      }

      assertThat(fileSystemStore.removeAbandoned(LONG_AGO.plusSeconds(1))).isEqualTo(2);

      assertThat(partialFile(old)).doesNotExist();
      assertThat(partialFile(inUse.expected())).exists();
      assertThat(partialFile(fresh.expected())).exists();
    }
  }

  @Test
  void saysThatTheDiskIsFull() {
    Path full = Path.of("/dev/full");
    assumeThat(full).exists();

    try (var device = new FileOutputStream(full.toFile())) {
      device.write(1);
      throw new AssertionError("/dev/full took a byte");
    } catch (IOException e) {
      assertThat(ArtifactStoreException.storeFailed("writing", e))
          .returns(Kind.NO_SPACE, ArtifactStoreException::kind)
          .hasMessageContaining("full");
    }
  }

  @Test
  void anotherProcessNeitherSharesNorBlocksAnOpenPart() throws Exception {
    Digest digest = Digest.ofText("hello");
    try (PartialBlob mine = store.partial(digest)) {
      append(mine, "hel");
      Process other =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx64m",
                  "-cp",
                  System.getProperty("java.class.path"),
                  WriterProcess.class.getName(),
                  root.toString(),
                  "hello")
              .redirectErrorStream(true)
              .start();

      String said = new String(other.getInputStream().readAllBytes());

      assertThat(other.waitFor()).as(said).isZero();
      assertThat(said.strip()).isEqualTo("0 5");
      assertThat(read(store, digest)).isEqualTo("hello");
      assertThat(mine.length()).isEqualTo(3);
    }
  }

  private Path partialFile(Digest digest) {
    return root.resolve("partial").resolve(digest.hex() + ".0");
  }

  /** Prints how much of the partial blob it finds, writes all of it, prints the stored size. */
  static final class WriterProcess {
    private WriterProcess() {}

    public static void main(String[] arguments) {
      var store = new FileSystemArtifactStore(Path.of(arguments[0]));
      PartialBlob partial = store.partial(Digest.ofText(arguments[1]));
      long found = partial.length();
      append(partial, arguments[1]);
      System.out.println(found + " " + partial.complete().sizeBytes());
    }
  }
}
