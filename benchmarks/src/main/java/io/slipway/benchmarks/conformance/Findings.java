package io.slipway.benchmarks.conformance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;

/** What comparing a case brought to light so far. */
final class Findings {

  private final Map<Kind, Double> worst = new EnumMap<>(Kind.class);
  private final Set<String> problems = new LinkedHashSet<>();

  /** One value of many; where it is off, the case has a problem. */
  private record Worst(double difference, int at) {}

  /** Something that could not be compared at all. */
  void problem(String problem) {
    problems.add(problem);
  }

  /**
   * Compares numbers place by place, absolutely.
   *
   * @param shape of what was computed
   * @param counts whether a place, counted in row-major order, is to be compared
   */
  void numbers(
      Kind kind, Golden.Numbers expected, long[] shape, float[] actual, IntPredicate counts) {
    if (!Arrays.equals(expected.shape(), shape)) {
      problem(
          "%s: the shape is %s, the reference's is %s"
              .formatted(
                  kind.jsonName(), Arrays.toString(shape), Arrays.toString(expected.shape())));
      return;
    }
    if (expected.values().length == 0) {
      problem(kind.jsonName() + ": the reference has no values");
      return;
    }
    Worst found = new Worst(0, 0);
    for (int i = 0; i < actual.length; i++) {
      double difference = Math.abs(actual[i] - expected.values()[i]);
      if (counts.test(i) && !(difference <= found.difference)) {
        found = new Worst(difference, i);
        if (Double.isNaN(difference)) {
          break;
        }
      }
    }
    record(kind, found.difference);
    if (!(found.difference <= kind.tolerance())) {
      problem(
          "%s: %s at place %d of %s, the reference has %s; %.2g is allowed"
              .formatted(
                  kind.jsonName(),
                  actual[found.at],
                  found.at,
                  Arrays.toString(shape),
                  expected.values()[found.at],
                  kind.tolerance()));
    }
  }

  /** Compares one loss, relative to the reference's. */
  void loss(int step, double expected, double actual) {
    double difference = Math.abs(actual - expected) / Math.max(Math.abs(expected), 1e-12);
    record(Kind.LOSSES, difference);
    if (!(difference <= Kind.LOSSES.tolerance())) {
      problem(
          "losses: %.6f before step %d, the reference has %.6f; %.2g of it is allowed"
              .formatted(actual, step + 1, expected, Kind.LOSSES.tolerance()));
    }
  }

  /** Compares one row of ids; the difference is the number of places that are not equal. */
  void ids(Kind kind, int row, long[] expected, long[] actual) {
    int different = Math.abs(expected.length - actual.length);
    for (int i = 0; i < Math.min(expected.length, actual.length); i++) {
      different += expected[i] == actual[i] ? 0 : 1;
    }
    record(kind, different);
    if (different > 0) {
      int at = Math.max(0, Arrays.mismatch(expected, actual));
      problem(
          "%s: row %d differs from place %d on: %s, the reference has %s"
              .formatted(kind.jsonName(), row, at, from(actual, at), from(expected, at)));
    }
  }

  private static String from(long[] ids, int at) {
    int shown = 8;
    String part = Arrays.toString(Arrays.copyOfRange(ids, at, Math.min(ids.length, at + shown)));
    return at + shown < ids.length ? part.replace("]", ", ...]") : part;
  }

  private void record(Kind kind, double difference) {
    worst.merge(
        kind,
        difference,
        (a, b) -> Double.isNaN(a) || Double.isNaN(b) ? Double.NaN : Math.max(a, b));
  }

  /** Whether no problem was found so far. */
  boolean hold() {
    return problems.isEmpty();
  }

  /** Compares rows of ids. */
  void ids(Kind kind, long[][] expected, long[][] actual) {
    if (expected.length != actual.length) {
      problem(
          "%s: there are %d rows, the reference has %d"
              .formatted(kind.jsonName(), actual.length, expected.length));
      return;
    }
    for (int row = 0; row < expected.length; row++) {
      ids(kind, row, expected[row], actual[row]);
    }
  }

  CaseResult result(String name, String task) {
    if (worst.isEmpty() && problems.isEmpty()) {
      problem(Golden.FILE + " has nothing to compare with");
    }
    List<String> all = new ArrayList<>(problems);
    return new CaseResult(name, task, all.isEmpty(), new EnumMap<>(worst), all);
  }
}
