package io.slipway.datasets.columns;

import java.util.List;

/**
 * A text in words, and the tag of each.
 *
 * @param tags as many as words, by the model's names
 */
public record TaggedWords(List<String> words, List<String> tags) {

  public TaggedWords {
    words = List.copyOf(words);
    tags = List.copyOf(tags);
  }
}
