package io.slipway.models.training;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How good the model is on rows that it does not learn from.
 *
 * @param loss mean over what the task counts: rows, labelled words, tokens; plain, without label
 *     smoothing and class weights
 * @param metrics by name, in the order of their importance; all but losses and perplexities are
 *     fractions of one
 */
public record Validation(int rows, double loss, Map<String, Double> metrics) {

  public Validation {
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
  }

  /** The value of a metric that the task has. */
  public double metric(String name) {
    Double value = metrics.get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "there is no metric \"%s\", only %s".formatted(name, metrics.keySet()));
    }
    return value;
  }
}
