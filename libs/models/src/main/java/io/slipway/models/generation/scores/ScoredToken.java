package io.slipway.models.generation.scores;

import java.util.List;

/**
 * A token with its log-probability.
 *
 * @param logProbability not a number where there is none: the first token of a prompt, or where it
 *     was not asked for
 * @param top the best tokens at its place, best first
 */
public record ScoredToken(long id, double logProbability, List<TokenScore> top) {

  public ScoredToken {
    top = List.copyOf(top);
  }

  /** A token whose log-probability nobody asked for. */
  public static ScoredToken unscored(long id) {
    return new ScoredToken(id, Double.NaN, List.of());
  }
}
