package io.slipway.benchmarks.tuning;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Results side by side. */
record ResultTable(List<TrialResult> results) {

  private static final List<String> HEAD =
      List.of(
          "trial",
          "task",
          "steps",
          "loss",
          "metric",
          "value",
          "baseline",
          "",
          "seconds",
          "off reference");

  /** For a person: a row for each metric. */
  void print(PrintWriter out) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEAD);
    for (TrialResult result : results) {
      for (int i = 0; i < result.scores().size(); i++) {
        rows.add(row(result, result.scores().get(i), i == 0));
      }
    }
    int[] widths = new int[HEAD.size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        line.append(row.get(i)).repeat(' ', widths[i] - row.get(i).length() + 2);
      }
      out.println(line.toString().stripTrailing());
    }
  }

  private static List<String> row(TrialResult result, Score score, boolean first) {
    return List.of(
        first ? result.trial().label() : "",
        first ? result.trial().task() : "",
        first ? steps(result) : "",
        first ? "%.3f -> %.3f".formatted(result.tuning().first(), result.tuning().last()) : "",
        score.metric(),
        "%.3f".formatted(score.value()),
        "%.3f %s".formatted(score.baselineValue(), score.baseline()),
        score.beatsBaseline() ? "better" : score.required() ? "WORSE" : "worse",
        first ? "%.0f".formatted(result.seconds()) : "",
        first && result.difference().isPresent()
            ? "%.1e".formatted(result.difference().getAsDouble())
            : "");
  }

  /** With those of a pretraining before them. */
  private static String steps(TrialResult result) {
    return result.pretraining().map(curve -> curve.steps() + " + ").orElse("")
        + result.tuning().steps();
  }

  /** For a program. */
  static ObjectNode json(TrialResult result) {
    ObjectNode line =
        new JsonMapper()
            .createObjectNode()
            .put("trial", result.trial().label())
            .put("task", result.trial().task())
            .put("train_rows", result.trainRows())
            .put("held_out_rows", result.heldOutRows());
    result.pretraining().ifPresent(curve -> put(line.putObject("pretraining"), curve));
    put(line, result.tuning());
    ArrayNode scores = line.putArray("scores");
    for (Score score : result.scores()) {
      scores
          .addObject()
          .put("metric", score.metric())
          .put("value", rounded(score.value()))
          .put("baseline", score.baseline())
          .put("baseline_value", rounded(score.baselineValue()))
          .put("beats_baseline", score.beatsBaseline())
          .put("required", score.required());
    }
    line.put("seconds", Math.round(result.seconds()));
    result.difference().ifPresent(worst -> line.put("worst_relative_difference", worst));
    return line.put("holds", result.failures().isEmpty());
  }

  private static void put(ObjectNode line, LossCurve curve) {
    line.put("steps", curve.steps())
        .put("first_loss", rounded(curve.first()))
        .put("last_loss", rounded(curve.last()));
  }

  private static double rounded(double value) {
    return Math.round(value * 1e4) / 1e4;
  }
}
