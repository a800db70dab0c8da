package io.slipway.benchmarks.engine;

import io.slipway.benchmarks.engine.Measurement.Work;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Comparisons side by side. */
final class ComparisonTable {

  private final List<Comparison> comparisons;

  ComparisonTable(List<Comparison> comparisons) {
    this.comparisons = comparisons;
  }

  /** For a person. */
  void print(PrintWriter out) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "work",
            "dtype",
            "size",
            "ours",
            "peer",
            "ratio",
            "target",
            "",
            "of limit",
            "per second"));
    for (Comparison comparison : comparisons) {
      rows.add(row(comparison));
    }
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        line.append(row.get(i)).repeat(' ', widths[i] - row.get(i).length() + 2);
      }
      out.println(line.toString().stripTrailing());
    }
  }

  private static List<String> row(Comparison comparison) {
    Measurement measurement = comparison.measurement();
    boolean memory = measurement.work() == Work.PEAK_MEMORY;
    boolean ofSection = memory || measurement.work() == Work.LOAD;
    String unit = memory ? " MiB" : " ms";
    return List.of(
        measurement.work().jsonName(),
        comparison.weights().dtype(),
        ofSection
            ? comparison.section().jsonName()
            : measurement.batch() + "x" + measurement.length(),
        number(comparison.ours(), memory ? "%.0f" : "%.2f", unit),
        number(comparison.peers(), memory ? "%.0f" : "%.2f", unit),
        number(comparison.ratio(), "%.2f", ""),
        number(comparison.target(), "%.1f", ""),
        comparison.verdict(),
        comparison.fraction().isPresent()
            ? "%.0f%%".formatted(100 * comparison.fraction().getAsDouble())
            : "",
        perSecond(comparison));
  }

  /** Rows, or tokens where a decoder works on them. */
  private static String perSecond(Comparison comparison) {
    Measurement measurement = comparison.measurement();
    if (comparison.ours().isEmpty()) {
      return "";
    }
    double calls = 1e3 / comparison.ours().getAsDouble();
    return switch (measurement.work()) {
      case ENCODER, TRAIN_FULL, TRAIN_LORA -> "%.0f rows".formatted(calls * measurement.batch());
      case PREFILL -> "%.0f tokens".formatted(calls * measurement.batch() * measurement.length());
      case DECODE -> "%.0f tokens".formatted(calls * measurement.batch());
      case LOAD, TRIAD, COPY, MATMUL, PEAK_MEMORY -> "";
    };
  }

  private static String number(OptionalDouble value, String format, String unit) {
    return value.isPresent() ? format.formatted(value.getAsDouble()) + unit : "-";
  }

  /** For a program: a line for each comparison that has a target. */
  void printJson(PrintWriter out) {
    for (Comparison comparison : comparisons) {
      if (comparison.verdict().isEmpty()) {
        continue;
      }
      Measurement measurement = comparison.measurement();
      ObjectNode line =
          new JsonMapper()
              .createObjectNode()
              .put("comparison", measurement.work().jsonName())
              .put("dtype", comparison.weights().dtype())
              .put("section", comparison.section().jsonName())
              .put("batch", measurement.batch())
              .put("length", measurement.length())
              .put("verdict", comparison.verdict());
      put(line, "ours", comparison.ours());
      put(line, "peers", comparison.peers());
      put(line, "ratio", comparison.ratio());
      put(line, "target", comparison.target());
      put(line, "fraction_of_limit", comparison.fraction());
      out.println(line);
    }
  }

  private static void put(ObjectNode line, String name, OptionalDouble value) {
    value.ifPresent(number -> line.put(name, Math.round(number * 1e4) / 1e4));
  }
}
