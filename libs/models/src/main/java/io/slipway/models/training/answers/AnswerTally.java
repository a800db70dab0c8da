package io.slipway.models.training.answers;

import io.slipway.models.training.Validation;
import io.slipway.models.training.answers.AnsweredQuestion.Answer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Counts a validation of answers, window by window: the best answer of all windows of a question
 * counts, and none where "nowhere" scores better in every window and some question has no answer.
 *
 * <p>{@code f1} and {@code exact_match} are SQuAD's: of words, without articles and punctuation,
 * and the best over the right answers.
 *
 * @see <a href="https://arxiv.org/abs/1606.05250">Rajpurkar et al. 2016</a>
 */
public final class AnswerTally {

  /** First and last tokens that are tried of a window. */
  private static final int CANDIDATES = 20;

  private final int maxAnswerLength;
  private final Map<AnsweredQuestion, Best> best = new IdentityHashMap<>();
  private int windows;
  private double loss;

  /** The best answer of a question so far. */
  private static final class Best {
    private String text = "";
    private double score = Double.NEGATIVE_INFINITY;
    private double nowhere = Double.POSITIVE_INFINITY;
  }

  AnswerTally(int maxAnswerLength) {
    this.maxAnswerLength = maxAnswerLength;
  }

  void add(Window window, float[] starts, float[] ends) {
    windows++;
    loss += (crossEntropy(starts, window.start()) + crossEntropy(ends, window.end())) / 2;
    Best of = best.computeIfAbsent(window.row(), row -> new Best());
    int nowhere = window.nowhere();
    of.nowhere = Math.min(of.nowhere, (double) starts[nowhere] + ends[nowhere]);
    for (int start : candidates(window, starts)) {
      for (int end : candidates(window, ends)) {
        double score = (double) starts[start] + ends[end];
        if (start <= end && end - start < maxAnswerLength && score > of.score) {
          of.score = score;
          of.text = window.between(start, end);
        }
      }
    }
  }

  private static int[] candidates(Window window, float[] scores) {
    return IntStream.range(0, window.text().length())
        .filter(i -> window.text().sequences()[i] == 1)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> scores[i]).reversed())
        .limit(CANDIDATES)
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static double crossEntropy(float[] scores, int target) {
    double max = Double.NEGATIVE_INFINITY;
    for (float score : scores) {
      max = Math.max(max, score);
    }
    double sum = 0;
    for (float score : scores) {
      sum += Math.exp(score - max);
    }
    return max + Math.log(sum) - scores[target];
  }

  Validation result(int rows) {
    boolean mayBeNowhere = best.keySet().stream().anyMatch(row -> row.answers().isEmpty());
    double exact = 0;
    double f1 = 0;
    for (Map.Entry<AnsweredQuestion, Best> entry : best.entrySet()) {
      Best of = entry.getValue();
      List<String> guess = words(mayBeNowhere && of.nowhere > of.score ? "" : of.text);
      List<List<String>> truths = truths(entry.getKey());
      exact += truths.contains(guess) ? 1 : 0;
      f1 += truths.stream().mapToDouble(truth -> f1(guess, truth)).max().orElse(0);
    }
    int questions = Math.max(1, best.size());
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("f1", f1 / questions);
    metrics.put("exact_match", exact / questions);
    return new Validation(rows, loss / Math.max(1, windows), metrics);
  }

  private static List<List<String>> truths(AnsweredQuestion row) {
    return row.answers().isEmpty()
        ? List.of(List.of())
        : row.answers().stream().map(Answer::text).map(AnswerTally::words).toList();
  }

  /** Lower case, without punctuation and articles. */
  public static List<String> words(String text) {
    String plain =
        text.toLowerCase(Locale.ROOT)
            .replaceAll("[!-/:-@\\[-`{-~]", "")
            .replaceAll("\\b(a|an|the)\\b", " ");
    return Arrays.stream(plain.split("\\s+")).filter(word -> !word.isEmpty()).toList();
  }

  /** How much two answers in words have in common. */
  public static double f1(List<String> guess, List<String> truth) {
    if (guess.isEmpty() || truth.isEmpty()) {
      return guess.equals(truth) ? 1 : 0;
    }
    List<String> rest = new ArrayList<>(truth);
    long common = guess.stream().filter(rest::remove).count();
    return 2.0 * common / (guess.size() + truth.size());
  }
}
