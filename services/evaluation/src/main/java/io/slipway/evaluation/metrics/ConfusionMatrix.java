package io.slipway.evaluation.metrics;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts how often each class was taken for each. Not safe for use by several threads. */
public final class ConfusionMatrix {

  private final List<String> labels;
  private final Map<String, Integer> indices = new HashMap<>();
  private final long[][] counts;
  private long rows;

  /**
   * @param labels the classes, distinct; their order is that of rows and columns
   */
  public ConfusionMatrix(List<String> labels) {
    this.labels = List.copyOf(labels);
    for (String label : labels) {
      if (indices.put(label, indices.size()) != null) {
        throw new IllegalArgumentException("Class '" + label + "' appears twice in " + labels);
      }
    }
    this.counts = new long[labels.size()][labels.size()];
  }

  /**
   * Counts one row.
   *
   * @throws IllegalArgumentException when one of the two is not among the classes
   */
  public void add(String actual, String predicted) {
    counts[index(actual)][index(predicted)]++;
    rows++;
  }

  private int index(String label) {
    Integer index = indices.get(label);
    if (index == null) {
      throw new IllegalArgumentException("'" + label + "' is none of the classes " + labels);
    }
    return index;
  }

  public List<String> labels() {
    return labels;
  }

  public long rows() {
    return rows;
  }

  /** Rows of class {@code actual} that were taken for class {@code predicted}. */
  public long count(int actual, int predicted) {
    return counts[actual][predicted];
  }

  /** Rows that are of the class. */
  long support(int index) {
    return Arrays.stream(counts[index]).sum();
  }

  /** Rows that were taken for the class. */
  long predictions(int index) {
    return Arrays.stream(counts).mapToLong(row -> row[index]).sum();
  }
}
