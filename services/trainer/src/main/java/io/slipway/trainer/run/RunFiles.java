package io.slipway.trainer.run;

import io.slipway.artifacts.ArtifactStore;
import io.slipway.artifacts.StoredFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Moves what a run writes into the artifact store. */
final class RunFiles {

  private final ArtifactStore store;
  private final Path scratch;
  private final RunId id;

  /**
   * @param scratch directory for files on their way to the store
   */
  RunFiles(ArtifactStore store, Path scratch, RunId id) {
    this.store = store;
    this.scratch = scratch;
    this.id = id;
  }

  /** Writes files into a directory that is gone afterwards. */
  @FunctionalInterface
  interface Writer {

    void write(Path directory) throws IOException, InterruptedException;
  }

  /** Stores what the writer writes, weights with this run's stamp; paths begin with the prefix. */
  List<StoredFile> store(String prefix, Writer writer) throws IOException, InterruptedException {
    Files.createDirectories(scratch);
    Path directory = Files.createTempDirectory(scratch, "slipway-trainer-");
    try {
      writer.write(directory);
      List<StoredFile> stored = new ArrayList<>();
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.sorted().toList()) {
          stored.add(store(prefix + file.getFileName(), file));
        }
      }
      return stored;
    } finally {
      delete(directory);
    }
  }

  private StoredFile store(String path, Path file) throws IOException {
    if (!path.endsWith(StampedTensors.SUFFIX)) {
      return store.adopt(file).at(path);
    }
    try (InputStream stamped = StampedTensors.open(file, id.job() + "#" + id.attempt())) {
      return store.write(stamped, Long.MAX_VALUE).at(path);
    }
  }

  StoredFile storeText(String path, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return store.write(new ByteArrayInputStream(bytes), bytes.length).at(path);
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
