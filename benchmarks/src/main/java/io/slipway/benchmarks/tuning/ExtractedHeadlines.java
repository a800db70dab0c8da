package io.slipway.benchmarks.tuning;

import io.slipway.models.training.language.TextPair;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Headlines made of their texts' own words: of the first ones those that the headlines of training
 * tend to take over. A model learns to copy from them, before it learns how headlines are written.
 * A text may begin at any of its first words, so that few occur twice.
 *
 * @param texts their words
 * @param taken the part of the texts with a word whose headlines have it too
 */
record ExtractedHeadlines(List<List<String>> texts, Map<String, Double> taken, Random random) {

  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");
  private static final int LAST_BEGINNING = 12;
  private static final int SHORTEST_TEXT = 8;
  private static final int FIRST_WORDS = 20;
  private static final int LONGEST_HEADLINE = 9;
  private static final double TAKEN_OFTEN = 0.15;

  /** What is assumed of a word, as if it had been seen in so many texts. */
  private static final double ASSUMED = 0.3;

  private static final int ASSUMED_TEXTS = 3;

  /**
   * Makes them of rows.
   *
   * @param rows texts with their headlines
   */
  static ExtractedHeadlines of(List<TextPair> rows, long seed) {
    Map<String, Integer> inTexts = new HashMap<>();
    Map<String, Integer> inBoth = new HashMap<>();
    for (TextPair row : rows) {
      Set<String> headline = words(row.target());
      for (String word : words(row.source())) {
        inTexts.merge(word, 1, Integer::sum);
        inBoth.merge(word, headline.contains(word) ? 1 : 0, Integer::sum);
      }
    }
    Map<String, Double> taken = new HashMap<>();
    inTexts.forEach(
        (word, texts) ->
            taken.put(
                word,
                (inBoth.getOrDefault(word, 0) + ASSUMED * ASSUMED_TEXTS)
                    / (texts + ASSUMED_TEXTS)));
    return new ExtractedHeadlines(
        rows.stream()
            .map(row -> Arrays.asList(row.source().strip().split("\\s+")))
            .filter(words -> words.size() >= SHORTEST_TEXT)
            .toList(),
        taken,
        new Random(seed));
  }

  /** So many; none where no text is long enough. */
  List<TextPair> pairs(int count) {
    return texts.isEmpty() ? List.of() : Stream.generate(this::pair).limit(count).toList();
  }

  private TextPair pair() {
    List<String> words = texts.get(random.nextInt(texts.size()));
    int beginnings = Math.min(LAST_BEGINNING, words.size() - SHORTEST_TEXT) + 1;
    List<String> text = words.subList(random.nextInt(beginnings), words.size());
    return new TextPair(String.join(" ", text), headline(text));
  }

  /** The first word, where there is none that is often taken over. */
  private String headline(List<String> text) {
    String headline =
        text.stream()
            .limit(FIRST_WORDS)
            .filter(this::isTaken)
            .limit(LONGEST_HEADLINE)
            .collect(Collectors.joining(" "));
    return headline.isEmpty() ? text.getFirst() : headline;
  }

  private boolean isTaken(String word) {
    return words(word).stream().anyMatch(part -> taken.getOrDefault(part, ASSUMED) > TAKEN_OFTEN);
  }

  private static Set<String> words(String text) {
    return WORD.matcher(text.toLowerCase(Locale.ROOT))
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toCollection(HashSet::new));
  }
}
