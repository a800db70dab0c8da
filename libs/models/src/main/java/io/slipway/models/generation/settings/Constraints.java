package io.slipway.models.generation.settings;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Which tokens may come, and which must.
 *
 * @param logitBias added to the scores of tokens
 * @param noRepeatNgramSize sequences of this length come once only, the prompt's included; 0 for no
 *     limit
 * @param badWords sequences of tokens that never come
 * @param suppressed tokens that never come
 * @param suppressedFirst tokens that do not come first, or second where the first one is forced
 * @param forcedBosToken comes after a sequence of one token, such as a decoder's start
 * @param forcedEosTokens one of them comes where the length ends; empty for none
 */
public record Constraints(
    Map<Integer, Double> logitBias,
    int noRepeatNgramSize,
    List<List<Integer>> badWords,
    Set<Integer> suppressed,
    Set<Integer> suppressedFirst,
    OptionalInt forcedBosToken,
    Set<Integer> forcedEosTokens) {

  public static final Constraints NONE =
      new Constraints(Map.of(), 0, List.of(), Set.of(), Set.of(), OptionalInt.empty(), Set.of());

  public Constraints {
    GenerationSettings.require(
        noRepeatNgramSize >= 0, "noRepeatNgramSize", noRepeatNgramSize, "0 for no limit, or more");
    if (badWords.stream().anyMatch(List::isEmpty)) {
      throw new IllegalArgumentException("a bad word has no tokens, expected at least one");
    }
    logitBias = Map.copyOf(logitBias);
    badWords = badWords.stream().map(List::copyOf).toList();
    suppressed = Set.copyOf(suppressed);
    suppressedFirst = Set.copyOf(suppressedFirst);
    forcedEosTokens = Set.copyOf(forcedEosTokens);
  }

  public Constraints withLogitBias(Map<Integer, Double> other) {
    return new Constraints(
        other,
        noRepeatNgramSize,
        badWords,
        suppressed,
        suppressedFirst,
        forcedBosToken,
        forcedEosTokens);
  }

  public Constraints withNoRepeatNgramSize(int size) {
    return new Constraints(
        logitBias, size, badWords, suppressed, suppressedFirst, forcedBosToken, forcedEosTokens);
  }

  public Constraints withBadWords(List<List<Integer>> other) {
    return new Constraints(
        logitBias,
        noRepeatNgramSize,
        other,
        suppressed,
        suppressedFirst,
        forcedBosToken,
        forcedEosTokens);
  }

  /** Forbids tokens, at every place and at the first. */
  public Constraints withSuppressed(Set<Integer> everywhere, Set<Integer> first) {
    return new Constraints(
        logitBias, noRepeatNgramSize, badWords, everywhere, first, forcedBosToken, forcedEosTokens);
  }

  public Constraints withForced(OptionalInt bosToken, Set<Integer> eosTokens) {
    return new Constraints(
        logitBias, noRepeatNgramSize, badWords, suppressed, suppressedFirst, bosToken, eosTokens);
  }
}
