package io.slipway.models.generation.settings;

/**
 * What tokens lose for having been there.
 *
 * @param repetition scores of tokens of the prompt and the new text are divided by it, negative
 *     ones multiplied; 1 for none (Keskar et al. 2019)
 * @param presence what a new token loses once it has been chosen
 * @param frequency what a new token loses for each time it has been chosen
 */
public record Penalties(double repetition, double presence, double frequency) {

  public static final Penalties NONE = new Penalties(1, 0, 0);

  public Penalties {
    GenerationSettings.require(
        repetition > 0 && Double.isFinite(repetition), "repetition", repetition, "more than 0");
    GenerationSettings.require(Double.isFinite(presence), "presence", presence, "a number");
    GenerationSettings.require(Double.isFinite(frequency), "frequency", frequency, "a number");
  }
}
