package io.slipway.benchmarks.checkpoint;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A WordPiece vocabulary: special tokens, single characters, frequent beginnings and endings of
 * words, and frequent words. A word that is not in it falls apart into those pieces.
 *
 * @param pieces by id
 * @param lowerCase whether texts are read in lower case and without accents
 */
public record Vocabulary(List<String> pieces, boolean lowerCase) {

  static final List<String> SPECIAL = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");
  static final int PAD = 0;
  static final int CLS = 2;
  static final int SEP = 3;
  static final String CONTINUATION = "##";

  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}\\p{N}]+|[^\\s\\p{L}\\p{N}]");
  private static final int LONGEST_AFFIX = 4;

  public Vocabulary {
    pieces = List.copyOf(pieces);
  }

  public int size() {
    return pieces.size();
  }

  /**
   * Gathers one from texts.
   *
   * @param size pieces at most; single characters are all taken, however many there are
   */
  public static Vocabulary of(List<String> texts, int size, boolean lowerCase) {
    Map<String, Integer> words = new TreeMap<>();
    for (String text : texts) {
      WORD.matcher(lowerCase ? lowered(text) : text)
          .results()
          .forEach(match -> words.merge(match.group(), 1, Integer::sum));
    }
    Map<String, Integer> affixes = new TreeMap<>();
    Set<String> characters = new LinkedHashSet<>();
    words.forEach(
        (word, count) -> {
          word.codePoints().mapToObj(Character::toString).forEach(characters::add);
          countAffixes(word, count, affixes);
        });
    Set<String> pieces = new LinkedHashSet<>(SPECIAL);
    pieces.addAll(characters);
    characters.forEach(character -> pieces.add(CONTINUATION + character));
    int rest = Math.max(0, size - pieces.size());
    mostFrequent(affixes).stream().limit(rest / 4).forEach(pieces::add);
    mostFrequent(words).stream()
        .filter(word -> !pieces.contains(word))
        .limit(Math.max(0, size - pieces.size()))
        .toList()
        .forEach(pieces::add);
    return new Vocabulary(new ArrayList<>(pieces), lowerCase);
  }

  /** As the tokenizer's normalizer does. */
  private static String lowered(String text) {
    return Normalizer.normalize(text.toLowerCase(Locale.ROOT), Normalizer.Form.NFD)
        .replaceAll("\\p{Mn}", "");
  }

  private static void countAffixes(String word, int count, Map<String, Integer> affixes) {
    if (!word.chars().allMatch(Character::isLetter)) {
      return;
    }
    for (int length = 2; length <= LONGEST_AFFIX && length < word.length(); length++) {
      affixes.merge(word.substring(0, length), count, Integer::sum);
      affixes.merge(CONTINUATION + word.substring(word.length() - length), count, Integer::sum);
    }
  }

  private static List<String> mostFrequent(Map<String, Integer> counts) {
    Comparator<Map.Entry<String, Integer>> byCount =
        Map.Entry.<String, Integer>comparingByValue().reversed();
    return counts.entrySet().stream()
        .filter(entry -> entry.getValue() > 1)
        .sorted(byCount.thenComparing(Map.Entry.comparingByKey()))
        .map(Map.Entry::getKey)
        .toList();
  }
}
