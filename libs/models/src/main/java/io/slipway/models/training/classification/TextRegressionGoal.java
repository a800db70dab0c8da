package io.slipway.models.training.classification;

import io.slipway.models.training.BaseModel;
import io.slipway.models.training.Goal;
import io.slipway.models.training.Objective;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;

/**
 * To give values to texts: text classification whose {@code problem_type} is regression.
 *
 * @param names of the values by index, which the model's configuration keeps as labels
 * @param maxLength tokens at most of a text; longer ones are cut, and the model's own limit applies
 *     too
 * @param replaceHead whether a checkpoint's head for other values or for labels may be replaced by
 *     a fresh one
 */
public record TextRegressionGoal(List<String> names, int maxLength, boolean replaceHead)
    implements Goal<ScoredText> {

  public TextRegressionGoal {
    names = List.copyOf(names);
    if (names.isEmpty() || new HashSet<>(names).size() != names.size()) {
      throw new IllegalArgumentException(
          "names are " + names + ", expected at least one, and each only once");
    }
    if (maxLength < 1) {
      throw new IllegalArgumentException("maxLength is " + maxLength + ", expected at least 1");
    }
  }

  @Override
  public Objective<ScoredText, ?> begin(BaseModel base) throws IOException, InterruptedException {
    if (base.settings().labelSmoothing() > 0) {
      throw new IllegalArgumentException(
          "labelSmoothing is %s, but values cannot be smoothed"
              .formatted(base.settings().labelSmoothing()));
    }
    return TextRegressionObjective.begin(this, base);
  }

  void check(List<ScoredText> rows) {
    for (ScoredText row : rows) {
      if (row.values().size() != names.size()) {
        throw new IllegalArgumentException(
            "a row has the values %s, expected %d of them".formatted(row.values(), names.size()));
      }
      for (double value : row.values()) {
        if (!Double.isFinite(value)) {
          throw new IllegalArgumentException("a row has the value " + value);
        }
      }
    }
  }
}
