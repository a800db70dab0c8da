package io.slipway.catalog.model;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Cuts text into the words that models are found by: lower case, split wherever there is neither a
 * letter nor a digit, so that {@code bert} finds {@code acme/tiny-BERT_v2}. No stemming: names are
 * no prose.
 */
final class SearchWords {

  private static final Pattern SEPARATORS = Pattern.compile("[^\\p{L}\\p{N}]+");
  private static final int LONGEST_WORD = 100;

  private SearchWords() {}

  /** The distinct words of a model. */
  static Set<String> of(CatalogEntry model) {
    return of(
        model.id()
            + " "
            + model.pipelineTag()
            + " "
            + String.join(" ", model.tags())
            + " "
            + model.description());
  }

  static Set<String> of(String text) {
    return SEPARATORS
        .splitAsStream(text.toLowerCase(Locale.ROOT))
        .filter(word -> !word.isEmpty())
        .map(word -> word.length() > LONGEST_WORD ? word.substring(0, LONGEST_WORD) : word)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * PostgreSQL's {@code tsquery} for models that have, for each word of the text, one that begins
   * with it; empty when the text has no words.
   */
  static String query(String text) {
    // Words are letters and digits only, so nothing in them needs a quote.
    return of(text).stream().map(word -> "'" + word + "':*").collect(Collectors.joining(" & "));
  }
}
