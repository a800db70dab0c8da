package io.slipway.models.training.classification;

import io.slipway.models.training.Validation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Counts a validation, row by row.
 *
 * <p>{@code accuracy} is the part of the rows that are labelled exactly right; {@code macro_f1} the
 * mean over the labels of the harmonic mean of precision and recall, where labels that neither
 * occur nor are predicted do not count.
 */
final class ClassificationTally {

  private final boolean multiLabel;
  private final int[] hits;
  private final int[] predicted;
  private final int[] actual;
  private int rows;
  private int exact;
  private double loss;

  ClassificationTally(int labels, boolean multiLabel) {
    this.multiLabel = multiLabel;
    this.hits = new int[labels];
    this.predicted = new int[labels];
    this.actual = new int[labels];
  }

  void add(float[] logits, List<Integer> labels) {
    Set<Integer> truth = new TreeSet<>(labels);
    Set<Integer> guess = guess(logits);
    rows++;
    exact += guess.equals(truth) ? 1 : 0;
    loss +=
        multiLabel ? binaryCrossEntropy(logits, truth) : crossEntropy(logits, labels.getFirst());
    truth.forEach(label -> actual[label]++);
    guess.forEach(label -> predicted[label]++);
    guess.stream().filter(truth::contains).forEach(label -> hits[label]++);
  }

  private Set<Integer> guess(float[] logits) {
    Set<Integer> guess = new TreeSet<>();
    int best = 0;
    for (int i = 0; i < logits.length; i++) {
      if (logits[i] > logits[best]) {
        best = i;
      }
      if (multiLabel && logits[i] > 0) {
        guess.add(i);
      }
    }
    if (!multiLabel) {
      guess.add(best);
    }
    return guess;
  }

  private static double crossEntropy(float[] logits, int label) {
    double max = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      max = Math.max(max, logit);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - max);
    }
    return max + Math.log(sum) - logits[label];
  }

  /** Mean over the labels of -log of the probability given to the truth. */
  private static double binaryCrossEntropy(float[] logits, Set<Integer> truth) {
    double sum = 0;
    for (int i = 0; i < logits.length; i++) {
      double wrong = truth.contains(i) ? -logits[i] : logits[i];
      sum += Math.max(wrong, 0) + Math.log1p(Math.exp(-Math.abs(wrong)));
    }
    return sum / logits.length;
  }

  Validation result() {
    double f1 = 0;
    int counted = 0;
    for (int i = 0; i < hits.length; i++) {
      if (predicted[i] + actual[i] > 0) {
        f1 += 2.0 * hits[i] / (predicted[i] + actual[i]);
        counted++;
      }
    }
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("macro_f1", counted == 0 ? 0 : f1 / counted);
    metrics.put("accuracy", (double) exact / rows);
    return new Validation(rows, loss / rows, metrics);
  }
}
