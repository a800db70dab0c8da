package io.slipway.models.training.classification;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A text, or two that are to be judged together, and its values.
 *
 * @param second such as a sentence to compare with; null for one text
 * @param values as many as the model puts out
 */
public record ScoredText(String text, @Nullable String second, List<Double> values) {

  public ScoredText {
    values = List.copyOf(values);
  }

  public static ScoredText of(String text, double value) {
    return new ScoredText(text, null, List.of(value));
  }
}
