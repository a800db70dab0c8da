package io.slipway.benchmarks.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Checkpoints under the benchmark's names that are small enough for a test. */
final class TinyModels {

  private static final Path CASES = Path.of("src/test/resources/cases");

  private TinyModels() {}

  static Path in(Path folder) throws IOException {
    copy("bert-text-classification", folder.resolve(Section.ENCODER.model()));
    copy("llama-text-generation", folder.resolve(Section.DECODER.model()));
    return folder;
  }

  private static void copy(String name, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(CASES.resolve(name))) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }
}
