package io.slipway.modelfiles.tokenizer;

import java.util.Arrays;

/**
 * One text, or a pair of texts, as tokens. The arrays are as long as each other and belong to the
 * caller.
 *
 * @param typeIds 0 for the first text's tokens, 1 for the second's, as the tokenizer marks them
 * @param specialMask 1 for tokens that stand for no text, such as [CLS]
 * @param starts where each token begins in its text (in its word, where words were given), counted
 *     in characters (code points); -1 for special tokens, and where the tokenizer keeps no offsets
 * @param ends where each token ends, exclusive; -1 as in {@code starts}
 * @param words the word that each token is part of, counted from 0 in its text; -1 for special
 *     tokens, and where the tokenizer knows no words
 * @param sequences 0 for tokens of the first text, 1 for those of the second, -1 for special tokens
 * @param truncated whether the text has tokens that are not here
 */
@SuppressWarnings("ArrayRecordComponent")
public record TokenizedText(
    long[] ids,
    long[] typeIds,
    long[] specialMask,
    int[] starts,
    int[] ends,
    int[] words,
    int[] sequences,
    boolean truncated) {

  /** Bare tokens of one text whose offsets and words are not known. */
  public static TokenizedText of(long... ids) {
    int[] unknown = new int[ids.length];
    Arrays.fill(unknown, -1);
    return new TokenizedText(
        ids.clone(),
        new long[ids.length],
        new long[ids.length],
        unknown,
        unknown.clone(),
        unknown.clone(),
        new int[ids.length],
        false);
  }

  /** Number of tokens, special ones included. */
  public int length() {
    return ids.length;
  }

  /** Number of tokens of the first (0) or the second (1) text, or of special ones (-1). */
  public int length(int sequence) {
    return (int) Arrays.stream(sequences).filter(s -> s == sequence).count();
  }
}
