package io.slipway.modelfiles.tokenizer;

/**
 * One text, or a pair of texts, as tokens. The arrays are as long as each other and belong to the
 * caller.
 *
 * @param typeIds 0 for the first text's tokens, 1 for the second's, as the tokenizer marks them
 * @param specialMask 1 for tokens that stand for no text, such as [CLS]
 * @param starts where each token begins in its text, counted in characters (code points); -1 for
 *     special tokens
 * @param ends where each token ends, exclusive; -1 for special tokens
 * @param truncated whether the text was longer than the limit
 */
@SuppressWarnings("ArrayRecordComponent")
public record TokenizedText(
    long[] ids, long[] typeIds, long[] specialMask, int[] starts, int[] ends, boolean truncated) {

  /** Number of tokens, special ones included. */
  public int length() {
    return ids.length;
  }
}
