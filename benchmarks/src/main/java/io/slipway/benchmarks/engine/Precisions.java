package io.slipway.benchmarks.engine;

import io.slipway.benchmarks.engine.Section.Weights;
import io.slipway.models.runtime.Precision;
import java.util.Arrays;

/** The engine's precisions by the benchmark's names. */
final class Precisions {

  private Precisions() {}

  /**
   * What a model is loaded in.
   *
   * @throws IllegalArgumentException when the engine has no such precision
   */
  static Precision of(Weights weights) {
    return Arrays.stream(Precision.values())
        .filter(precision -> precision.name().equals(weights.name()))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "the engine has no precision %s, only %s"
                        .formatted(weights, Arrays.toString(Precision.values()))));
  }
}
