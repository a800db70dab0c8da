package io.slipway.modelfiles.tokenizer;

/** The end of a text that is cut off when it is too long. */
public enum TruncationSide {
  /** The end goes, the beginning stays: right for most tasks. */
  RIGHT,
  /** The beginning goes, the end stays: right for a prompt that is to be continued. */
  LEFT
}
