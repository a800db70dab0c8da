package io.slipway.benchmarks.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * What comparisons come to.
 *
 * @param exitCode 0 when every target is held, 1 when one is missed, 3 when none is missed but some
 *     could not be compared
 * @param sentences why, one for each target that is not held
 */
record Conclusion(int exitCode, List<String> sentences) {

  private static final int HELD = 0;
  private static final int MISSED = 1;
  private static final int NOT_COMPARED = 3;

  static Conclusion of(List<Comparison> comparisons) {
    List<String> sentences = new ArrayList<>();
    List<String> misses = comparisons.stream().flatMap(each -> each.misses().stream()).toList();
    misses.forEach(miss -> sentences.add("missed: " + miss));
    List<Comparison> open = comparisons.stream().filter(Comparison::notCompared).toList();
    for (Comparison comparison : open) {
      comparison
          .failures()
          .forEach(why -> sentences.add("not compared: " + comparison.title() + ": " + why));
    }
    if (!open.isEmpty()) {
      sentences.add(
          "%d targets could not be compared with Python transformers.".formatted(open.size()));
    }
    if (!misses.isEmpty()) {
      return new Conclusion(MISSED, sentences);
    }
    if (!open.isEmpty()) {
      return new Conclusion(NOT_COMPARED, sentences);
    }
    return new Conclusion(HELD, List.of("Every target is held."));
  }
}
