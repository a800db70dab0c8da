package io.slipway.benchmarks.tuning;

import io.slipway.benchmarks.tuning.DataFolder.DataFiles;
import io.slipway.datasets.DatasetException;
import io.slipway.datasets.DatasetFile;
import io.slipway.datasets.DatasetFormat;
import io.slipway.datasets.Row;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Rows to learn from, and others to be measured on: no input of the second is among the first.
 *
 * @param <E> a row
 */
record DataRows<E>(List<E> train, List<E> heldOut) {

  private static final double HELD_OUT = 0.1;
  private static final long SEED = 1;

  DataRows {
    train = List.copyOf(train);
    heldOut = List.copyOf(heldOut);
  }

  /**
   * Reads a dataset.
   *
   * @param parse makes a row of what the file has
   * @param input what a row gives a model to read
   */
  static <E> DataRows<E> read(DataFiles files, Function<Row, E> parse, Function<E, Object> input) {
    List<E> train = rows(files.train(), parse);
    List<E> heldOut;
    if (files.heldOut().isPresent()) {
      heldOut = rows(files.heldOut().get(), parse);
    } else {
      int kept = train.size() - (int) Math.ceil(train.size() * HELD_OUT);
      heldOut = train.subList(kept, train.size());
      train = train.subList(0, kept);
    }
    Set<Object> seen = new HashSet<>();
    train.forEach(row -> seen.add(input.apply(row)));
    return new DataRows<>(
        train, heldOut.stream().filter(row -> !seen.contains(input.apply(row))).toList());
  }

  /** In an order of their own, since files are often sorted. */
  private static <E> List<E> rows(Path path, Function<Row, E> parse) {
    DatasetFile file = new DatasetFile(path, DatasetFormat.ofFileName(path.toString()));
    try (Stream<Row> rows = file.rows()) {
      List<E> all = new ArrayList<>(rows.map(parse).toList());
      Collections.shuffle(all, new Random(SEED));
      return all;
    }
  }

  /** So many of them at most. */
  DataRows<E> limit(int trained, int measured) {
    return new DataRows<>(
        train.subList(0, Math.min(trained, train.size())),
        heldOut.subList(0, Math.min(measured, heldOut.size())));
  }

  /**
   * What a row has in a column.
   *
   * @throws DatasetException when it has none
   */
  static String column(Row row, String name) {
    return row.value(name)
        .orElseThrow(
            () ->
                new DatasetException(
                    DatasetException.Reason.MISSING_COLUMN,
                    "line %d has no \"%s\", only %s"
                        .formatted(row.line(), name, row.values().keySet())));
  }
}
