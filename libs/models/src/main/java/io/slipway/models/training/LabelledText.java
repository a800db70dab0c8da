package io.slipway.models.training;

import java.util.List;

/**
 * A row to learn from or to validate on.
 *
 * @param labels indices of the labels that hold: exactly one, or any number for a multi-label model
 */
public record LabelledText(String text, List<Integer> labels) {

  public LabelledText {
    labels = List.copyOf(labels);
  }

  public static LabelledText of(String text, int label) {
    return new LabelledText(text, List.of(label));
  }
}
