package io.slipway.models.task;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** How much a label holds, in the scale of the {@link ScoreFunction} that was applied. */
public record LabelScore(String label, double score) {

  /**
   * The best labels by falling score; equal ones in the order of their indices.
   *
   * @param labels by index, as are the scores
   */
  static List<LabelScore> best(List<String> labels, double[] scores, int count) {
    return IntStream.range(0, scores.length)
        .mapToObj(i -> new LabelScore(labels.get(i), scores[i]))
        .sorted(Comparator.comparingDouble(LabelScore::score).reversed())
        .limit(count)
        .toList();
  }
}
