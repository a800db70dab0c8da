package io.slipway.benchmarks.conformance;

import java.util.Locale;

/** What is compared, and how far it may be off. */
enum Kind {
  /** Ids of the texts' tokens. */
  TOKEN_IDS(Column.TOKENS, 0),
  PIXEL_VALUES(Column.PIXELS, 1e-3),
  LOGITS(Column.OUTPUTS, 1e-4),
  START_LOGITS(Column.OUTPUTS, 1e-4),
  END_LOGITS(Column.OUTPUTS, 1e-4),
  LAST_HIDDEN_STATE(Column.OUTPUTS, 1e-4),
  /** Ids that greedy search writes. */
  GREEDY_IDS(Column.GREEDY, 0),
  /** Ids that beam search writes. */
  BEAM_IDS(Column.BEAMS, 0),
  /** Training losses, relative to the reference's. */
  LOSSES(Column.LOSSES, 1e-4);

  /** Where a kind stands in the table. */
  enum Column {
    TOKENS,
    PIXELS,
    OUTPUTS,
    GREEDY,
    BEAMS,
    LOSSES
  }

  private final Column column;
  private final double tolerance;

  Kind(Column column, double tolerance) {
    this.column = column;
    this.tolerance = tolerance;
  }

  Column column() {
    return column;
  }

  /**
   * The largest difference that still holds: absolute, for losses relative, for ids their count.
   */
  double tolerance() {
    return tolerance;
  }

  String jsonName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
