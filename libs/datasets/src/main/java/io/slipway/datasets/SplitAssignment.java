package io.slipway.datasets;

import io.slipway.datasets.DatasetException.Reason;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The part of each row of one dataset, by position from 0. */
public final class SplitAssignment {

  private final Part[] parts;
  private final int[] rowLabels;
  private final List<String> labels;

  SplitAssignment(Part[] parts, int[] rowLabels, List<String> labels) {
    this.parts = parts;
    this.rowLabels = rowLabels;
    this.labels = labels;
  }

  public int rowCount() {
    return parts.length;
  }

  public Part part(int row) {
    return parts[row];
  }

  /** How many rows {@code part} has. */
  public int size(Part part) {
    return Collections.frequency(List.of(parts), part);
  }

  /** How many rows of each of the dataset's labels are in each part; a label may have 0. */
  public Map<Part, SortedMap<String, Long>> counts() {
    return counts(UnaryOperator.identity());
  }

  Map<Part, SortedMap<String, Long>> counts(UnaryOperator<String> rename) {
    List<String> renamed = labels.stream().map(rename).toList();
    Comparator<String> order = LabelSet.order(renamed);
    Map<Part, SortedMap<String, Long>> counts = new EnumMap<>(Part.class);
    for (Part part : Part.values()) {
      SortedMap<String, Long> zeros = new TreeMap<>(order);
      renamed.forEach(label -> zeros.put(label, 0L));
      counts.put(part, zeros);
    }
    for (int row = 0; row < parts.length; row++) {
      counts
          .getOrDefault(parts[row], new TreeMap<>())
          .merge(renamed.get(rowLabels[row]), 1L, Long::sum);
    }
    return counts;
  }

  /**
   * Those of {@code rows}, all rows of the same dataset in order, that are in {@code part}.
   *
   * @throws DatasetException UNREADABLE from the stream when it has more rows than the dataset had
   */
  public <T> Stream<T> select(Part part, Stream<T> rows) {
    var position = new AtomicInteger();
    return rows.sequential()
        .filter(
            row -> {
              int index = position.getAndIncrement();
              if (index >= parts.length) {
                throw new DatasetException(
                    Reason.UNREADABLE,
                    "The dataset has more than the " + parts.length + " rows that were split");
              }
              return parts[index] == part;
            });
  }
}
