package io.slipway.models.task.tokens;

/** How labels of tokens become entities, in the reference's words. */
public enum AggregationStrategy {
  /** Every token is an entity of its own. */
  NONE,
  /** Neighbours with the same label are one entity, also when they are parts of words. */
  SIMPLE,
  /** A word has the label of its first token. */
  FIRST,
  /** A word has the label that its tokens give the highest score on average. */
  AVERAGE,
  /** A word has the label of its most certain token. */
  MAX
}
