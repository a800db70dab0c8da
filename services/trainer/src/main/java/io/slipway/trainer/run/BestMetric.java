package io.slipway.trainer.run;

import io.slipway.finetune.v1.ValidationPoint;
import java.util.List;
import java.util.Optional;

/**
 * What tells the better of two validations.
 *
 * @param name as the API and the engine have it
 */
record BestMetric(String name, boolean higherIsBetter) {

  private static final String LOSS = "loss";
  private static final String ACCURACY = "accuracy";

  /** Of plans that do not name one. */
  private static final String DEFAULT = "macro_f1";

  private static final List<String> HIGHER =
      List.of(
          DEFAULT,
          ACCURACY,
          "f1",
          "precision",
          "recall",
          "exact_match",
          "rougeL",
          "rouge1",
          "rouge2",
          "chrf",
          "pearson");

  private static final List<String> LOWER = List.of(LOSS, "perplexity", "mse", "mae");

  /** The metric of a plan; plans that do not name one mean macro F1. */
  static BestMetric named(String name) {
    if (name.isEmpty()) {
      return new BestMetric(DEFAULT, true);
    }
    if (!HIGHER.contains(name) && !LOWER.contains(name)) {
      throw new IllegalArgumentException(
          "metric_for_best_model is \"%s\", expected one of %s, %s"
              .formatted(name, String.join(", ", HIGHER), String.join(", ", LOWER)));
    }
    return new BestMetric(name, HIGHER.contains(name));
  }

  /**
   * @throws IllegalArgumentException when the task is not measured by it
   */
  double of(ValidationPoint point) {
    return switch (name) {
      case LOSS -> point.getLoss();
      case DEFAULT -> point.getMacroF1();
      case ACCURACY -> point.getAccuracy();
      default ->
          Optional.ofNullable(point.getMetricsMap().get(name))
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "metric_for_best_model is \"%s\", but a validation has %s"
                              .formatted(name, point.getMetricsMap().keySet())));
    };
  }

  /** Of equals, the one with the lower loss is better. */
  boolean isBetter(ValidationPoint candidate, ValidationPoint than) {
    int byMetric = Double.compare(of(candidate), of(than));
    int towardsBetter = higherIsBetter ? byMetric : -byMetric;
    return towardsBetter > 0 || (towardsBetter == 0 && candidate.getLoss() < than.getLoss());
  }
}
