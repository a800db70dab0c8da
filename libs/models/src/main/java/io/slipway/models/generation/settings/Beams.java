package io.slipway.models.generation.settings;

/**
 * Following several continuations at a time and keeping the best.
 *
 * @param count how many are followed
 * @param lengthPenalty a sequence's score is its log-probability over its new length to this power
 * @param earlyStopping when to end
 * @param renormalized whether log-probabilities add up to one again after penalties and constraints
 */
public record Beams(
    int count, double lengthPenalty, EarlyStopping earlyStopping, boolean renormalized) {

  /** When a search ends, in the reference's words. */
  public enum EarlyStopping {
    /** As soon as there are as many finished sequences as beams. */
    TRUE,
    /** When those that run, at their present length, are no better than the finished ones. */
    FALSE,
    /** When those that run cannot become better than the finished ones. */
    NEVER
  }

  /** That many, with what the reference does by default: longer sequences are no better. */
  public static Beams of(int count) {
    return new Beams(count, 1, EarlyStopping.FALSE, false);
  }

  public Beams {
    GenerationSettings.require(count >= 1, "count", count, "at least 1");
    GenerationSettings.require(
        Double.isFinite(lengthPenalty), "lengthPenalty", lengthPenalty, "a number");
  }
}
