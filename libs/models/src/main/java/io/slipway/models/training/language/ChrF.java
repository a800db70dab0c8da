package io.slipway.models.training.language;

import java.util.HashMap;
import java.util.Map;

/**
 * chrF over all texts together: runs of up to six characters, blanks left out, with recall counted
 * twice as much as precision, as sacreBLEU's default has it.
 *
 * @see <a href="https://aclanthology.org/W15-3049/">Popovic 2015</a>
 */
public final class ChrF implements WritingTally {

  private static final int LONGEST = 6;
  private static final double BETA_SQUARED = 4;

  private final long[] hits = new long[LONGEST];
  private final long[] guessed = new long[LONGEST];
  private final long[] wanted = new long[LONGEST];

  @Override
  public void add(String written, String target) {
    int[] guess = characters(written);
    int[] truth = characters(target);
    for (int n = 1; n <= LONGEST; n++) {
      Map<String, Integer> of = grams(truth, n);
      for (Map.Entry<String, Integer> gram : grams(guess, n).entrySet()) {
        hits[n - 1] += Math.min(gram.getValue(), of.getOrDefault(gram.getKey(), 0));
      }
      guessed[n - 1] += Math.max(0, guess.length - n + 1);
      wanted[n - 1] += Math.max(0, truth.length - n + 1);
    }
  }

  private static int[] characters(String text) {
    return text.codePoints().filter(c -> !Character.isWhitespace(c)).toArray();
  }

  private static Map<String, Integer> grams(int[] characters, int n) {
    Map<String, Integer> grams = new HashMap<>();
    for (int i = 0; i + n <= characters.length; i++) {
      grams.merge(new String(characters, i, n), 1, Integer::sum);
    }
    return grams;
  }

  @Override
  public Map<String, Double> metrics() {
    double precision = 0;
    double recall = 0;
    int orders = 0;
    for (int n = 0; n < LONGEST; n++) {
      if (guessed[n] > 0 && wanted[n] > 0) {
        precision += (double) hits[n] / guessed[n];
        recall += (double) hits[n] / wanted[n];
        orders++;
      }
    }
    precision /= Math.max(1, orders);
    recall /= Math.max(1, orders);
    double sum = BETA_SQUARED * precision + recall;
    return Map.of("chrf", sum == 0 ? 0 : (1 + BETA_SQUARED) * precision * recall / sum);
  }
}
