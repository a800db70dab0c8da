package io.slipway.benchmarks.tuning;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A folder of datasets: {@code sst2.train.tsv} and {@code sst2.dev.tsv}, or {@code
 * sst2/train.jsonl} and {@code sst2/test.jsonl}. A dataset is found by its name in front, its parts
 * by the words train, dev, validation and test, whatever stands between.
 */
record DataFolder(Path path) {

  private static final int DEPTH = 2;
  private static final List<String> EXTENSIONS =
      List.of(".jsonl", ".ndjson", ".csv", ".tsv", ".txt");
  private static final List<String> HELD_OUT = List.of("dev", "validation", "test");

  /**
   * The files of a dataset.
   *
   * @param heldOut empty where a part of the training rows has to be held out instead
   */
  record DataFiles(Path train, Optional<Path> heldOut) {}

  /** The files of a dataset, if its training rows are here. */
  Optional<DataFiles> find(String name) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(path, DEPTH)) {
      files = all.filter(DataFolder::isData).filter(file -> plain(file).startsWith(name)).toList();
    }
    Optional<Path> heldOut =
        HELD_OUT.stream().flatMap(part -> part(files, name, part).stream()).findFirst();
    return part(files, name, "train").map(train -> new DataFiles(train, heldOut));
  }

  private Optional<Path> part(List<Path> files, String name, String part) {
    return files.stream()
        .filter(file -> plain(file).substring(name.length()).contains(part))
        .sorted()
        .findFirst();
  }

  private static boolean isData(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return EXTENSIONS.stream().anyMatch(name::endsWith);
  }

  /** Letters and digits of where it lies. */
  private String plain(Path file) {
    return path.relativize(file).toString().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
  }
}
