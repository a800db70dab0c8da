package io.slipway.models.training.words;

import io.slipway.models.training.Validation;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Counts a validation of labelled words, text by text.
 *
 * <p>{@code f1}, {@code precision} and {@code recall} are of whole entities, by the rules of
 * CoNLL's evaluation as seqeval has them: an entity counts only where its type and both its ends
 * are right. {@code accuracy} is of words.
 */
public final class EntityTally {

  private static final String OUTSIDE = "O";

  /** Words from {@code start} to {@code end}, exclusive. */
  record Entity(String type, int start, int end) {}

  private final List<String> labels;
  private int words;
  private int right;
  private int found;
  private int actual;
  private int hits;
  private double loss;

  public EntityTally(List<String> labels) {
    this.labels = labels;
  }

  /** One text: scores of all labels for each of its words, and the labels that hold. */
  public void add(List<float[]> scores, List<Integer> truth) {
    List<String> guessed = scores.stream().map(EntityTally::best).map(labels::get).toList();
    List<String> wanted = truth.stream().map(labels::get).toList();
    for (int i = 0; i < truth.size(); i++) {
      words++;
      right += guessed.get(i).equals(wanted.get(i)) ? 1 : 0;
      loss += crossEntropy(scores.get(i), truth.get(i));
    }
    Set<Entity> guesses = entities(guessed);
    Set<Entity> entities = entities(wanted);
    found += guesses.size();
    actual += entities.size();
    guesses.retainAll(entities);
    hits += guesses.size();
  }

  private static int best(float[] scores) {
    int best = 0;
    for (int i = 1; i < scores.length; i++) {
      best = scores[i] > scores[best] ? i : best;
    }
    return best;
  }

  private static double crossEntropy(float[] scores, int label) {
    double max = scores[best(scores)];
    double sum = 0;
    for (float score : scores) {
      sum += Math.exp(score - max);
    }
    return max + Math.log(sum) - scores[label];
  }

  /** Labels without a prefix are entities as long as they repeat. */
  static Set<Entity> entities(List<String> labels) {
    Set<Entity> entities = new HashSet<>();
    int start = 0;
    String before = OUTSIDE;
    for (int i = 0; i <= labels.size(); i++) {
      String label = i < labels.size() ? labels.get(i) : OUTSIDE;
      if (i > 0 && !before.equals(OUTSIDE) && !goesOn(before, label)) {
        entities.add(new Entity(type(before), start, i));
      }
      if (!goesOn(before, label)) {
        start = i;
      }
      before = label;
    }
    return entities;
  }

  private static boolean goesOn(String before, String label) {
    return !before.equals(OUTSIDE)
        && !label.equals(OUTSIDE)
        && type(before).equals(type(label))
        && !Set.of("B", "S", "U").contains(prefix(label))
        && !Set.of("E", "L", "S", "U").contains(prefix(before));
  }

  private static String prefix(String label) {
    return label.length() > 1 && label.charAt(1) == '-' ? label.substring(0, 1) : "";
  }

  private static String type(String label) {
    return prefix(label).isEmpty() ? label : label.substring(2);
  }

  public Validation result(int rows) {
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("f1", found + actual == 0 ? 0 : 2.0 * hits / (found + actual));
    metrics.put("precision", found == 0 ? 0 : (double) hits / found);
    metrics.put("recall", actual == 0 ? 0 : (double) hits / actual);
    metrics.put("accuracy", words == 0 ? 0 : (double) right / words);
    return new Validation(rows, words == 0 ? 0 : loss / words, metrics);
  }
}
