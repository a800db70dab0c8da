package io.slipway.models.task;

import io.slipway.models.generation.scores.TokenScore;
import java.util.List;

/**
 * A token of a text.
 *
 * @param text what it adds; empty where its characters are not whole yet
 * @param logProbability not a number where there is none
 * @param special whether it stands for no text
 * @param top the best tokens at its place, best first, as far as they were asked for
 */
public record GeneratedToken(
    long id, String text, double logProbability, boolean special, List<TokenScore> top) {

  public GeneratedToken {
    top = List.copyOf(top);
  }
}
