package io.slipway.models.training.words;

import java.util.List;

/**
 * A text in words, and the label of each.
 *
 * @param labels indices of labels, as many as words
 */
public record LabelledWords(List<String> words, List<Integer> labels) {

  public LabelledWords {
    words = List.copyOf(words);
    labels = List.copyOf(labels);
  }
}
