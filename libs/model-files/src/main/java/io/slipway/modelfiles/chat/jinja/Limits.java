package io.slipway.modelfiles.chat.jinja;

/**
 * What rendering a template may cost.
 *
 * @param work steps of the interpreter, and characters and elements that it reads or makes in bulk;
 *     bounds time and memory
 * @param output characters of the result, and of every text that is captured
 * @param depth of expressions, blocks and macros within each other
 */
public record Limits(long work, int output, int depth) {

  /** Enough for conversations of some million characters; exhausted within about a second. */
  public static final Limits DEFAULT = new Limits(64L << 20, 16 << 20, 400);
}
