package io.slipway.benchmarks.conformance;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** How cases went, for a reader. */
sealed interface ConformanceReport {

  void add(CaseResult result);

  /** All cases have been added. */
  void end();

  /** One JSON object, once all is known. */
  final class Json implements ConformanceReport {

    private final PrintWriter out;
    private final ObjectNode root = new JsonMapper().createObjectNode();
    private final ArrayNode cases = root.putArray("cases");
    private boolean ok = true;

    Json(PrintWriter out) {
      this.out = out;
    }

    @Override
    public void add(CaseResult result) {
      ObjectNode entry = cases.addObject();
      entry.put("name", result.name()).put("task", result.task()).put("ok", result.ok());
      ObjectNode worst = entry.putObject("worst");
      result.worst().forEach((kind, difference) -> worst.put(kind.jsonName(), difference));
      ArrayNode problems = entry.putArray("problems");
      result.problems().forEach(problems::add);
      ok &= result.ok();
    }

    @Override
    public void end() {
      root.put("ok", ok);
      out.println(root);
      out.flush();
    }
  }

  /** A row a case as soon as it has run, its problems below it. */
  final class Table implements ConformanceReport {

    private static final int COLUMN = 9;
    private final PrintWriter out;
    private final int nameWidth;
    private final List<String> failed = new ArrayList<>();
    private int count;

    Table(PrintWriter out, List<String> names) {
      this.out = out;
      this.nameWidth = names.stream().mapToInt(String::length).max().orElse(0);
      StringBuilder header = new StringBuilder(padded("case", nameWidth)).append("  result");
      for (Kind.Column column : Kind.Column.values()) {
        header.append("  ").append(padded(column.name().toLowerCase(Locale.ROOT), COLUMN));
      }
      print(header);
    }

    @Override
    public void add(CaseResult result) {
      count++;
      StringBuilder row = new StringBuilder(padded(result.name(), nameWidth));
      row.append(result.ok() ? "  ok    " : "  FAILED");
      for (Kind.Column column : Kind.Column.values()) {
        row.append("  ").append(padded(number(result.worst(column)), COLUMN));
      }
      print(row);
      result.problems().forEach(problem -> out.println("    " + problem));
      out.flush();
      if (!result.ok()) {
        failed.add(result.name());
      }
    }

    @Override
    public void end() {
      out.println();
      out.println(
          "Worst differences: ids as a count, losses relative, all else absolute; allowed are 0, 1e-4, and for pixels 1e-3.");
      out.println(
          failed.isEmpty()
              ? "All %d cases hold.".formatted(count)
              : "%d of %d cases do not hold: %s."
                  .formatted(failed.size(), count, String.join(", ", failed)));
      out.flush();
    }

    private void print(StringBuilder line) {
      out.println(line.toString().stripTrailing());
    }

    private static String padded(String text, int width) {
      return text + " ".repeat(Math.max(0, width - text.length()));
    }

    private static String number(OptionalDouble worst) {
      if (worst.isEmpty()) {
        return "-";
      }
      double value = worst.getAsDouble();
      return value == Math.rint(value) ? "%.0f".formatted(value) : "%.1e".formatted(value);
    }
  }
}
