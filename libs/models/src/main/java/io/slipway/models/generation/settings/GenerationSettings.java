package io.slipway.models.generation.settings;

import io.slipway.models.runtime.Seed;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a sequence is continued.
 *
 * @param maxNewTokens after the prompt; 0 only reads the prompt
 * @param minNewTokens before a stop token may come
 * @param sampling empty to take the best token each time
 * @param topLogProbabilities how many tokens are reported with their log-probabilities for each
 *     that was chosen, whose own comes in any case; empty for none at all
 * @param promptLogProbabilities whether the prompt's tokens are reported in the same way
 */
public record GenerationSettings(
    int maxNewTokens,
    int minNewTokens,
    Optional<Sampling> sampling,
    Penalties penalties,
    Constraints constraints,
    Stopping stopping,
    Optional<Beams> beams,
    OptionalInt topLogProbabilities,
    boolean promptLogProbabilities) {

  public GenerationSettings {
    require(maxNewTokens >= 0, "maxNewTokens", maxNewTokens, "at least 0");
    require(minNewTokens >= 0, "minNewTokens", minNewTokens, "at least 0");
    require(
        minNewTokens <= maxNewTokens,
        "minNewTokens",
        minNewTokens,
        "at most maxNewTokens, " + maxNewTokens);
    topLogProbabilities.ifPresent(
        top -> require(top >= 0, "topLogProbabilities", top, "at least 0"));
    if (promptLogProbabilities && topLogProbabilities.isEmpty()) {
      throw new IllegalArgumentException(
          "promptLogProbabilities without topLogProbabilities, expected both");
    }
    if (beams.isPresent()) {
      refuseWithBeams(sampling.isPresent(), "sampling");
      refuseWithBeams(!stopping.strings().isEmpty(), "stop strings");
      refuseWithBeams(topLogProbabilities.isPresent(), "log-probabilities");
      require(maxNewTokens >= 1, "maxNewTokens", maxNewTokens, "at least 1 with beams");
    }
  }

  private static void refuseWithBeams(boolean present, String what) {
    if (present) {
      throw new IllegalArgumentException(what + " with beams, expected one or the other");
    }
  }

  static void require(boolean holds, String name, Number value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException("%s is %s, expected %s".formatted(name, value, expected));
    }
  }

  /** The best token each time, and nothing that stops it before the last. */
  public static GenerationSettings greedy(int maxNewTokens) {
    return new GenerationSettings(
        maxNewTokens,
        0,
        Optional.empty(),
        Penalties.NONE,
        Constraints.NONE,
        Stopping.NONE,
        Optional.empty(),
        OptionalInt.empty(),
        false);
  }

  /** The same with no more new tokens than this. */
  public GenerationSettings withAtMost(int newTokens) {
    return new GenerationSettings(
        Math.min(newTokens, maxNewTokens),
        Math.min(newTokens, minNewTokens),
        sampling,
        penalties,
        constraints,
        stopping,
        beams,
        topLogProbabilities,
        promptLogProbabilities);
  }

  /**
   * The same for another sequence of the same request, whose draws follow from the same seed.
   *
   * @param number of the sequence; the first, 0, has the settings as they are
   */
  public GenerationSettings drawnAgain(int number) {
    return number == 0 || sampling.isEmpty()
        ? this
        : withSampling(sampling.get().withSeed(new Seed(sampling.get().seed()).derive(number)));
  }

  public GenerationSettings withMinNewTokens(int count) {
    return new GenerationSettings(
        maxNewTokens,
        count,
        sampling,
        penalties,
        constraints,
        stopping,
        beams,
        topLogProbabilities,
        promptLogProbabilities);
  }

  public GenerationSettings withSampling(Sampling other) {
    return new GenerationSettings(
        maxNewTokens,
        minNewTokens,
        Optional.of(other),
        penalties,
        constraints,
        stopping,
        beams,
        topLogProbabilities,
        promptLogProbabilities);
  }

  public GenerationSettings withPenalties(Penalties other) {
    return new GenerationSettings(
        maxNewTokens,
        minNewTokens,
        sampling,
        other,
        constraints,
        stopping,
        beams,
        topLogProbabilities,
        promptLogProbabilities);
  }

  public GenerationSettings withConstraints(Constraints other) {
    return new GenerationSettings(
        maxNewTokens,
        minNewTokens,
        sampling,
        penalties,
        other,
        stopping,
        beams,
        topLogProbabilities,
        promptLogProbabilities);
  }

  public GenerationSettings withStopping(Stopping other) {
    return new GenerationSettings(
        maxNewTokens,
        minNewTokens,
        sampling,
        penalties,
        constraints,
        other,
        beams,
        topLogProbabilities,
        promptLogProbabilities);
  }

  public GenerationSettings withBeams(Beams other) {
    return new GenerationSettings(
        maxNewTokens,
        minNewTokens,
        sampling,
        penalties,
        constraints,
        stopping,
        Optional.of(other),
        topLogProbabilities,
        promptLogProbabilities);
  }

  /** Reports log-probabilities. */
  public GenerationSettings withLogProbabilities(int top, boolean ofPrompt) {
    return new GenerationSettings(
        maxNewTokens,
        minNewTokens,
        sampling,
        penalties,
        constraints,
        stopping,
        beams,
        OptionalInt.of(top),
        ofPrompt);
  }
}
