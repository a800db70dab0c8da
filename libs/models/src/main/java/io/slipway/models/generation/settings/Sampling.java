package io.slipway.models.generation.settings;

import io.slipway.models.runtime.Seed;

/**
 * Drawing the next token instead of taking the best. The filters apply in this order, each to what
 * the one before has left, with the formulas of the reference's logits processors.
 *
 * @param temperature by which scores are divided
 * @param topK keeps the best k tokens and those that equal the last of them; 0 for all
 * @param topP keeps the best tokens that together have this probability; 1 for all
 * @param minP keeps tokens that have this part of the best one's probability; 0 for all
 * @param typicalP keeps the tokens whose information is nearest to the expected, up to this
 *     probability; 1 for all
 * @param seed each draw follows from it and from the number of the new token, whatever else runs
 */
public record Sampling(
    double temperature, int topK, double topP, double minP, double typicalP, long seed) {

  /** What the reference takes where nothing says it. */
  static final int DEFAULT_TOP_K = 50;

  public Sampling {
    GenerationSettings.require(
        temperature > 0 && Double.isFinite(temperature), "temperature", temperature, "more than 0");
    GenerationSettings.require(topK >= 0, "topK", topK, "0 for all, or more");
    GenerationSettings.require(topP >= 0 && topP <= 1, "topP", topP, "0 to 1");
    GenerationSettings.require(minP >= 0 && minP <= 1, "minP", minP, "0 to 1");
    GenerationSettings.require(
        typicalP > 0 && typicalP <= 1, "typicalP", typicalP, "more than 0, at most 1");
  }

  /** From all tokens, by their probabilities. */
  public static Sampling plain(long seed) {
    return new Sampling(1, 0, 1, 0, 1, seed);
  }

  Sampling withSeed(Seed other) {
    return new Sampling(temperature, topK, topP, minP, typicalP, other.value());
  }

  /** Whether every token can be drawn. */
  public boolean unfiltered() {
    return topK == 0 && topP == 1 && minP == 0 && typicalP == 1;
  }
}
