package io.slipway.models.training.language;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * ROUGE's F-measures, means over the texts: of single words, of pairs of words, and of the longest
 * common subsequence of the whole text. Words are runs of Latin letters and digits in lower case,
 * as the {@code rouge_score} library has them without its stemmer.
 *
 * @see <a href="https://aclanthology.org/W04-1013/">Lin 2004</a>
 */
public final class Rouge implements WritingTally {

  private int texts;
  private double one;
  private double two;
  private double longest;

  @Override
  public void add(String written, String target) {
    List<String> guess = words(written);
    List<String> truth = words(target);
    texts++;
    one += common(guess, truth, 1);
    two += common(guess, truth, 2);
    longest += f1(subsequence(guess, truth), guess.size(), truth.size());
  }

  @Override
  public Map<String, Double> metrics() {
    int counted = Math.max(1, texts);
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("rougeL", longest / counted);
    metrics.put("rouge1", one / counted);
    metrics.put("rouge2", two / counted);
    return metrics;
  }

  private static List<String> words(String text) {
    return Arrays.stream(text.toLowerCase(Locale.ROOT).split("[^a-z0-9]+"))
        .filter(word -> !word.isEmpty())
        .toList();
  }

  private static double common(List<String> guess, List<String> truth, int n) {
    Map<List<String>, Integer> wanted = grams(truth, n);
    int hits = 0;
    for (Map.Entry<List<String>, Integer> gram : grams(guess, n).entrySet()) {
      hits += Math.min(gram.getValue(), wanted.getOrDefault(gram.getKey(), 0));
    }
    return f1(hits, Math.max(0, guess.size() - n + 1), Math.max(0, truth.size() - n + 1));
  }

  private static Map<List<String>, Integer> grams(List<String> words, int n) {
    Map<List<String>, Integer> grams = new HashMap<>();
    for (int i = 0; i + n <= words.size(); i++) {
      grams.merge(words.subList(i, i + n), 1, Integer::sum);
    }
    return grams;
  }

  private static double f1(int hits, int guessed, int wanted) {
    return hits == 0 ? 0 : 2.0 * hits / (guessed + wanted);
  }

  private static int subsequence(List<String> a, List<String> b) {
    int[] lengths = new int[b.size() + 1];
    for (String word : a) {
      int diagonal = 0;
      for (int j = 1; j <= b.size(); j++) {
        int above = lengths[j];
        lengths[j] =
            word.equals(b.get(j - 1)) ? diagonal + 1 : Math.max(lengths[j], lengths[j - 1]);
        diagonal = above;
      }
    }
    return lengths[b.size()];
  }
}
