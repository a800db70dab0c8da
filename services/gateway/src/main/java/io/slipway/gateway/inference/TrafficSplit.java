package io.slipway.gateway.inference;

import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.random.RandomGenerator;

/** Chooses among alternatives in proportion to their weights. */
final class TrafficSplit {

  private TrafficSplit() {}

  /**
   * @param weight zero or negative is never chosen
   * @return empty when no alternative has a weight
   */
  static <T> Optional<T> choose(
      List<T> alternatives, ToIntFunction<T> weight, RandomGenerator random) {
    int total = alternatives.stream().mapToInt(a -> Math.max(0, weight.applyAsInt(a))).sum();
    if (total == 0) {
      return Optional.empty();
    }
    int point = random.nextInt(total);
    for (T alternative : alternatives) {
      point -= Math.max(0, weight.applyAsInt(alternative));
      if (point < 0) {
        return Optional.of(alternative);
      }
    }
    throw new IllegalStateException("A point beyond the sum of all weights.");
  }
}
