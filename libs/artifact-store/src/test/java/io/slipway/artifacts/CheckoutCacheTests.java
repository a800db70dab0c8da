package io.slipway.artifacts;

import static io.slipway.artifacts.ArtifactStoreContract.assertKind;
import static io.slipway.artifacts.ArtifactStoreContract.stream;
import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.artifacts.ArtifactStoreException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckoutCacheTests {

  @TempDir Path root;

  private ArtifactStore store;
  private CheckoutCache cache;
  private List<StoredFile> files;

  @BeforeEach
  void storeTwoFiles() {
    store = new FileSystemArtifactStore(root.resolve("store"));
    cache = new CheckoutCache(store, root.resolve("cache"));
    files =
        List.of(
            store.write(stream("{}"), 10).at("config.json"),
            store.write(stream("weights"), 10).at("onnx/model.onnx"));
  }

  @Test
  void showsBlobsAsOrdinaryFilesUnderTheirNames() {
    Path checkout = cache.checkout(files);

    assertThat(checkout.resolve("config.json")).hasContent("{}");
    assertThat(checkout.resolve("onnx/model.onnx")).hasContent("weights").isRegularFile();
  }

  @Test
  void givesTheSameDirectoryForTheSameFilesInAnyOrder() {
    assertThat(cache.checkout(files.reversed())).isEqualTo(cache.checkout(files));
    assertThat(cache.checkout(files.subList(0, 1))).isNotEqualTo(cache.checkout(files));
  }

  @Test
  void makesOneDirectoryForManyWhoAskAtOnce() throws Exception {
    Callable<Path> checkout = () -> new CheckoutCache(store, root.resolve("cache")).checkout(files);
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Path> made : executor.invokeAll(Collections.nCopies(16, checkout))) {
        assertThat(made.get().resolve("config.json")).hasContent("{}");
      }
    }
    try (Stream<Path> entries = Files.list(root.resolve("cache"))) {
      assertThat(entries).hasSize(1);
    }
  }

  @Test
  void refusesFilesWhoseBlobIsMissingOrHasAnotherSize() {
    StoredFile first = files.getFirst();

    assertKind(
        Kind.MISSING_BLOB,
        () -> cache.checkout(List.of(new StoredFile("a", Digest.ofText("absent"), 6))));
    assertKind(
        Kind.TRUNCATED, () -> cache.checkout(List.of(new StoredFile("a", first.digest(), 99))));
    store.delete(first.digest());
    assertKind(Kind.MISSING_BLOB, () -> cache.checkout(files));
  }

  @Test
  void refusesTwoFilesInOnePlace() {
    StoredFile file = files.getFirst();

    assertKind(Kind.UNSAFE_PATH, () -> cache.checkout(List.of(file, file)));
    assertKind(
        Kind.UNSAFE_PATH,
        () -> cache.checkout(List.of(file.blob().at("a"), file.blob().at("a/b"))));
  }

  @Test
  void rebuildsACheckoutWhenTheStoreHasMoved() throws IOException {
    Path checkout = cache.checkout(files);
    Path moved = Files.move(root.resolve("store"), root.resolve("moved"));
    var movedCache = new CheckoutCache(new FileSystemArtifactStore(moved), root.resolve("cache"));

    assertThat(movedCache.checkout(files)).isEqualTo(checkout);
    assertThat(checkout.resolve("config.json")).hasContent("{}");
  }

  @Test
  void removesACheckoutAndKeepsTheBlobs() {
    Path checkout = cache.checkout(files);

    cache.remove(files);
    cache.remove(files);

    assertThat(checkout).doesNotExist();
    assertThat(store.contains(files.getFirst().digest())).isTrue();
  }
}
