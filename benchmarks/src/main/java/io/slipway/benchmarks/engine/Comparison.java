package io.slipway.benchmarks.engine;

import io.slipway.benchmarks.engine.Measurement.Work;
import io.slipway.benchmarks.engine.Section.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * Both sides of a measurement.
 *
 * @param ours empty when it failed
 * @param peers empty when there is no peer, or when it failed
 * @param fraction of the machine's limit that ours came to
 * @param failures why a side gave no figure
 */
record Comparison(
    Section section,
    Weights weights,
    Measurement measurement,
    OptionalDouble ours,
    OptionalDouble peers,
    OptionalDouble fraction,
    List<String> failures) {

  /** How many times as fast as the peer we are, or how many times as much memory it takes. */
  OptionalDouble ratio() {
    return ours.isPresent() && peers.isPresent()
        ? OptionalDouble.of(peers.getAsDouble() / ours.getAsDouble())
        : OptionalDouble.empty();
  }

  OptionalDouble target() {
    return Targets.ratio(measurement, weights);
  }

  /**
   * {@code held}, {@code missed}, {@code not compared}, {@code failed}, or nothing without a
   * target.
   */
  String verdict() {
    if (ours.isEmpty()) {
      return "failed";
    }
    if (!misses().isEmpty()) {
      return "missed";
    }
    if (target().isEmpty()) {
      return "";
    }
    return notCompared() ? "not compared" : "held";
  }

  /** Whether there is a target for the ratio, a figure of ours, and none of the peer's. */
  boolean notCompared() {
    return ours.isPresent() && target().isPresent() && peers.isEmpty();
  }

  /** What was to be reached and was not, a sentence each; failures of ours too. */
  List<String> misses() {
    List<String> misses = new ArrayList<>();
    if (ours.isEmpty()) {
      failures.forEach(failure -> misses.add(title() + ": " + failure));
      return misses;
    }
    if (Stream.of(ratio(), target()).allMatch(OptionalDouble::isPresent)
        && ratio().getAsDouble() < target().getAsDouble()) {
      String unit = measurement.work() == Work.PEAK_MEMORY ? "MiB" : "ms";
      misses.add(
          "%s: the peer's %.1f %s are %.2f times our %.1f%s, the target is %.1f"
              .formatted(
                  title(),
                  peers.getAsDouble(),
                  unit,
                  ratio().getAsDouble(),
                  ours.getAsDouble(),
                  ofLimit(),
                  target().getAsDouble()));
    }
    OptionalDouble least = Targets.fraction(measurement, weights);
    if (least.isPresent() && fraction.isPresent() && fraction.getAsDouble() < least.getAsDouble()) {
      misses.add(
          "%s: moves %.0f%% of the memory's bandwidth, the target is %.0f%%"
              .formatted(title(), 100 * fraction.getAsDouble(), 100 * least.getAsDouble()));
    }
    return misses;
  }

  private String ofLimit() {
    return fraction.isPresent()
        ? " (%.0f%% of the machine's limit)".formatted(100 * fraction.getAsDouble())
        : "";
  }

  /** As a person names it. */
  String title() {
    return "%s %s %s"
        .formatted(section.name().toLowerCase(Locale.ROOT), weights.dtype(), measurement.title());
  }
}
