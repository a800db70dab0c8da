package io.slipway.standalone.starterhub;

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
 * words, and the words that occur often enough. A word that is not in it falls apart into those
 * pieces.
 *
 * @param pieces by id
 */
record StarterVocabulary(List<String> pieces) {
  private static final List<String> SPECIAL = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");
  private static final String CONTINUATION = "##";

  private static final Pattern TOKEN = Pattern.compile("[\\p{L}\\p{N}]+|[^\\s\\p{L}\\p{N}]");
  private static final int MIN_WORD_COUNT = 3;
  private static final int AFFIXES = 300;
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";

  static StarterVocabulary of(List<SupportMessage> messages) {
    Map<String, Integer> words = new TreeMap<>();
    Map<String, Integer> affixes = new TreeMap<>();
    Set<String> pieces = new LinkedHashSet<>(SPECIAL);
    ALPHABET.chars().forEach(c -> pieces.add(Character.toString(c)));
    ALPHABET.chars().forEach(c -> pieces.add(CONTINUATION + Character.toString(c)));
    for (SupportMessage message : messages) {
      TOKEN
          .matcher(normalized(message.text()))
          .results()
          .forEach(match -> words.merge(match.group(), 1, Integer::sum));
    }
    words.forEach((word, count) -> countAffixes(word, count, affixes));
    words.keySet().stream().filter(word -> word.length() == 1).forEach(pieces::add);
    pieces.addAll(mostFrequent(affixes, 2).subList(0, Math.min(AFFIXES, affixes.size())));
    pieces.addAll(mostFrequent(words, MIN_WORD_COUNT));
    return new StarterVocabulary(List.copyOf(pieces));
  }

  /** Lower case without accents, as the tokenizer's BertNormalizer does. */
  private static String normalized(String text) {
    return Normalizer.normalize(text.toLowerCase(Locale.ROOT), Normalizer.Form.NFD)
        .replaceAll("\\p{Mn}", "");
  }

  private static void countAffixes(String word, int count, Map<String, Integer> affixes) {
    if (!word.chars().allMatch(Character::isLetter)) {
      return;
    }
    for (int length = 2; length <= 3 && length < word.length(); length++) {
      affixes.merge(word.substring(0, length), count, Integer::sum);
      affixes.merge(CONTINUATION + word.substring(word.length() - length), count, Integer::sum);
    }
  }

  private static List<String> mostFrequent(Map<String, Integer> counts, int atLeast) {
    Comparator<Map.Entry<String, Integer>> byCount =
        Map.Entry.<String, Integer>comparingByValue().reversed();
    return new ArrayList<>(
        counts.entrySet().stream()
            .filter(entry -> entry.getValue() >= atLeast)
            .sorted(byCount.thenComparing(Map.Entry.comparingByKey()))
            .map(Map.Entry::getKey)
            .toList());
  }
}
