package io.slipway.benchmarks.conformance;

import io.slipway.modelfiles.ModelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Finds cases. */
final class CaseFolders {

  /** Links may lead back to where they are; nothing lies as deep as this. */
  private static final int DEPTH = 8;

  private CaseFolders() {}

  /**
   * The folders with a golden, and those with a checkpoint, which miss theirs; sorted. A folder
   * inside a case belongs to it.
   */
  static List<Path> under(Path directory) throws IOException {
    List<Path> found = new ArrayList<>();
    collect(directory, DEPTH, found);
    return found;
  }

  private static void collect(Path folder, int depth, List<Path> found) throws IOException {
    if (Files.exists(folder.resolve(Golden.FILE))
        || Files.exists(folder.resolve(ModelConfig.FILE))) {
      found.add(folder);
      return;
    }
    if (depth == 0) {
      return;
    }
    List<Path> children;
    try (Stream<Path> files = Files.list(folder)) {
      children = files.filter(Files::isDirectory).sorted().toList();
    }
    for (Path child : children) {
      collect(child, depth - 1, found);
    }
  }
}
