package io.slipway.benchmarks.engine;

import io.slipway.benchmarks.engine.MeasuringProcess.Failure;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Two sides that take turns at one measurement. Other work on a machine comes and goes, so turns
 * are short, each gives a ratio of what was measured side by side, and the one with the median
 * ratio counts: neither side's luck. The first few of quick work warm both sides up.
 *
 * @param ours empty when it failed
 * @param peers empty when there is no peer, or when it failed
 * @param failures why a side gave no figure
 */
record Turns(OptionalDouble ours, OptionalDouble peers, List<String> failures) {

  private static final int LEAST = 3;
  private static final int MOST = 5;

  /** Turns that do not count: the JVM compiles what they run through. Slow work takes fewer. */
  private static final int WARM_UP = 40;

  private static final Duration WARMING_UP = Duration.ofSeconds(8);

  /** Quick work takes more turns than the least. */
  private static final Duration QUICK = Duration.ofSeconds(30);

  /** What a side is asked for. */
  interface Question {

    double ask(MeasuringProcess process) throws Failure, IOException;
  }

  /**
   * Both figures of one turn.
   *
   * @param peers the same as ours where there is no peer, so that the median is ours
   */
  record Turn(double ours, double peers) {

    /** The turn whose ratio is the median, the lower one of two. */
    static Turn median(List<Turn> turns) {
      List<Turn> sorted =
          turns.stream()
              .sorted(Comparator.comparingDouble(Turn::ratio).thenComparing(Turn::ours))
              .toList();
      return sorted.get((sorted.size() - 1) / 2);
    }

    private double ratio() {
      return peers / ours;
    }
  }

  /** Times both until enough turns are taken; us alone where the peer fails. */
  static Turns at(Measurement measurement, MeasuringProcess ours, Optional<MeasuringProcess> peers)
      throws IOException {
    Question time = process -> process.time(measurement).medianMillis();
    long begin = System.nanoTime();
    int cold = measurement.warmUp() == 0 ? 0 : WARM_UP;
    List<Turn> turns = new ArrayList<>();
    Duration taken;
    do {
      Turns turn = once(time, ours, peers);
      if (turn.ours.isEmpty()) {
        return turn;
      }
      if (!turn.failures.isEmpty()) {
        return new Turns(
            at(measurement, ours, Optional.empty()).ours, OptionalDouble.empty(), turn.failures);
      }
      taken = Duration.ofNanos(System.nanoTime() - begin);
      if (cold-- <= 0 || taken.compareTo(WARMING_UP) > 0) {
        turns.add(new Turn(turn.ours.getAsDouble(), turn.peers.orElse(turn.ours.getAsDouble())));
      }
    } while (!enough(turns.size(), taken));
    Turn median = Turn.median(turns);
    return new Turns(
        OptionalDouble.of(median.ours),
        peers.isPresent() ? OptionalDouble.of(median.peers) : OptionalDouble.empty(),
        List.of());
  }

  private static boolean enough(int turns, Duration taken) {
    return turns >= MOST || (turns >= LEAST && taken.compareTo(QUICK) > 0);
  }

  /** Asks each side once. */
  static Turns once(Question question, MeasuringProcess ours, Optional<MeasuringProcess> peers)
      throws IOException {
    List<String> failures = new ArrayList<>();
    OptionalDouble us = answer(question, ours, "", failures);
    OptionalDouble them =
        peers.isPresent()
            ? answer(question, peers.get(), "the peer: ", failures)
            : OptionalDouble.empty();
    return new Turns(us, them, failures);
  }

  private static OptionalDouble answer(
      Question question, MeasuringProcess process, String who, List<String> failures)
      throws IOException {
    try {
      return OptionalDouble.of(question.ask(process));
    } catch (Failure e) {
      failures.add(who + e.getMessage());
      return OptionalDouble.empty();
    }
  }
}
