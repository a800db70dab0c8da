package io.slipway.datasets;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** How often each label is in each part. */
final class LabelCounts {

  private final Map<String, long[]> byLabel = new HashMap<>();

  void add(Part part, String label) {
    byLabel.computeIfAbsent(label, fresh -> new long[Part.values().length])[part.ordinal()]++;
  }

  /** Different labels so far. */
  int size() {
    return byLabel.size();
  }

  /** Every part has every label, in the order of {@link LabelSet}; with 0 where there is none. */
  Map<Part, SortedMap<String, Long>> byPart() {
    Map<Part, SortedMap<String, Long>> counts = new EnumMap<>(Part.class);
    for (Part part : Part.values()) {
      SortedMap<String, Long> ofPart = new TreeMap<>(LabelSet.order(byLabel.keySet()));
      byLabel.forEach((label, rows) -> ofPart.put(label, rows[part.ordinal()]));
      counts.put(part, ofPart);
    }
    return counts;
  }
}
