package io.slipway.benchmarks.conformance;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * How a case went.
 *
 * @param name the folder, as seen from the one that was asked for
 * @param task the Hub's name of it; empty where the case does not say
 * @param ok whether everything in it holds
 * @param worst the largest difference of each kind that was compared; NaN where there is no number
 * @param problems why it does not hold, a sentence each
 */
record CaseResult(
    String name, String task, boolean ok, Map<Kind, Double> worst, List<String> problems) {

  /** The largest difference of a column's kinds, as far as one of them was compared. */
  OptionalDouble worst(Kind.Column column) {
    return worst.entrySet().stream()
        .filter(entry -> entry.getKey().column() == column)
        .mapToDouble(Map.Entry::getValue)
        .max();
  }
}
