package io.slipway.models.training.classification;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A text, or two that are to be judged together, and its labels.
 *
 * @param second such as the hypothesis to a premise; null for one text
 * @param labels indices of the labels that hold: exactly one, or any number for a multi-label model
 */
public record LabelledText(String text, @Nullable String second, List<Integer> labels) {

  public LabelledText {
    labels = List.copyOf(labels);
  }

  public LabelledText(String text, List<Integer> labels) {
    this(text, null, labels);
  }

  public static LabelledText of(String text, int label) {
    return new LabelledText(text, List.of(label));
  }
}
