package io.slipway.benchmarks.engine;

import io.slipway.benchmarks.engine.Section.Weights;
import java.util.OptionalDouble;

/** What the engine has to come to. */
final class Targets {

  /** Part of the memory's bandwidth that decoding one row in bfloat16 has to use. */
  static final double BANDWIDTH = 0.4;

  private Targets() {}

  /** The least ratio of the peer's time, or memory, to ours; empty where none is set. */
  static OptionalDouble ratio(Measurement measurement, Weights weights) {
    int batch = measurement.batch();
    boolean bfloat16 = weights == Weights.BFLOAT16;
    return switch (measurement.work()) {
      case ENCODER -> batch == 1 ? when(bfloat16, 2.0) : OptionalDouble.of(1.1);
      case PREFILL -> batch == 1 ? when(bfloat16, 2.0) : when(bfloat16 && batch == 16, 1.1);
      case DECODE -> {
        if (batch == 1 && weights == Weights.INT4) {
          yield OptionalDouble.of(3.0);
        }
        yield when(bfloat16 && (batch == 1 || batch == 16), 1.5);
      }
      case TRAIN_FULL -> OptionalDouble.of(1.1);
      case TRAIN_LORA, PEAK_MEMORY -> OptionalDouble.of(1.0);
      case LOAD, TRIAD, COPY, MATMUL -> OptionalDouble.empty();
    };
  }

  /** The least part of the machine's limit; empty where none is set. */
  static OptionalDouble fraction(Measurement measurement, Weights weights) {
    return when(
        measurement.work() == Measurement.Work.DECODE
            && measurement.batch() == 1
            && weights == Weights.BFLOAT16,
        BANDWIDTH);
  }

  private static OptionalDouble when(boolean set, double target) {
    return set ? OptionalDouble.of(target) : OptionalDouble.empty();
  }
}
