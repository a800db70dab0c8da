package io.slipway.datasets;

import io.slipway.datasets.DatasetException.Reason;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicInteger;
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

  /** Whether rows have a label each, of which every part has its share. */
  boolean isStratified() {
    return !labels.equals(List.of(""));
  }

  /** How many rows {@code part} has. */
  public int size(Part part) {
    return Collections.frequency(List.of(parts), part);
  }

  /** How many rows of each of the dataset's labels are in each part; a label may have 0. */
  public Map<Part, SortedMap<String, Long>> counts() {
    LabelCounts counts = new LabelCounts();
    for (int row = 0; row < parts.length; row++) {
      counts.add(parts[row], labels.get(rowLabels[row]));
    }
    return counts.byPart();
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
