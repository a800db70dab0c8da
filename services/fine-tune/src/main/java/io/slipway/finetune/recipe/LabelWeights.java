package io.slipway.finetune.recipe;

import static io.slipway.finetune.recipe.Hyperparameter.require;

import io.slipway.finetune.v1.ClassWeights;
import io.slipway.kit.errors.SlipwayException;
import java.util.List;
import java.util.Map;

/** How much each label counts in the loss. */
public final class LabelWeights {

  private LabelWeights() {}

  /**
   * @param labels of the result, by index
   * @param trainRows rows of each label in the train part
   * @return weights by index
   * @throws SlipwayException INVALID_ARGUMENT for a weight that is out of range, or of no label
   */
  public static List<Double> of(
      ClassWeights asked, List<String> labels, Map<String, Long> trainRows) {
    require(
        "class_weights",
        asked.getBalanced() ? "both balanced and " + asked.getWeightsMap() : "empty",
        asked.getBalanced() == asked.getWeightsMap().isEmpty(),
        "balanced, or weights by label");
    if (asked.getBalanced()) {
      double rows = trainRows.values().stream().mapToLong(Long::longValue).sum();
      return labels.stream()
          .map(
              label ->
                  rows / (labels.size() * (double) Math.max(1, trainRows.getOrDefault(label, 1L))))
          .toList();
    }
    asked
        .getWeightsMap()
        .forEach(
            (label, weight) -> {
              require(
                  "class_weights.weights",
                  "for \"" + label + "\"",
                  labels.contains(label),
                  "the labels " + labels);
              require(
                  "class_weights.weights[" + label + "]",
                  weight,
                  weight > 0 && Double.isFinite(weight),
                  "a finite number above 0");
            });
    return labels.stream().map(label -> asked.getWeightsOrDefault(label, 1)).toList();
  }
}
