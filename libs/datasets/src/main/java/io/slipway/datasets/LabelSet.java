package io.slipway.datasets;

import io.slipway.datasets.DatasetException.Reason;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The class labels of a dataset or a model, by index.
 *
 * @param labels distinct; the position is the class index
 */
public record LabelSet(List<String> labels) {

  public LabelSet {
    labels = List.copyOf(labels);
    Map<String, Integer> seen = new HashMap<>();
    for (String label : labels) {
      if (seen.put(label, seen.size()) != null) {
        throw new IllegalArgumentException("Label '" + label + "' appears twice in " + labels);
      }
    }
  }

  /** The distinct {@code labels}: by value when all are integers, else in lexicographic order. */
  public static LabelSet sorted(Collection<String> labels) {
    return new LabelSet(labels.stream().distinct().sorted(order(labels)).toList());
  }

  /** The order that {@link #sorted} uses, which depends on whether all are integers. */
  static Comparator<String> order(Collection<String> labels) {
    return labels.stream().allMatch(label -> label.matches("[+-]?\\d{1,18}"))
        ? Comparator.<String>comparingLong(Long::parseLong).thenComparing(Comparator.naturalOrder())
        : Comparator.naturalOrder();
  }

  /**
   * The class index of {@code label}.
   *
   * @throws DatasetException UNKNOWN_LABEL with the labels that there are
   */
  public int index(String label) {
    int index = labels.indexOf(label);
    if (index < 0) {
      throw new DatasetException(
          Reason.UNKNOWN_LABEL, "Label '" + label + "' is unknown; the labels are " + labels);
    }
    return index;
  }

  /**
   * Checks that all of {@code used} are among these labels.
   *
   * @throws DatasetException UNKNOWN_LABEL
   */
  public void requireAll(Collection<String> used) {
    used.forEach(this::index);
  }

  public int size() {
    return labels.size();
  }
}
