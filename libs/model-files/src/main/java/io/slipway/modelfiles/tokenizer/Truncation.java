package io.slipway.modelfiles.tokenizer;

import java.util.Arrays;
import java.util.List;

/**
 * Cuts tokenized texts to a limit, which counts the special tokens; those always stay. The rules
 * are those of the tokenizers library (utils/truncation.rs).
 */
final class Truncation {

  private Truncation() {}

  /** Cuts a single text. */
  static TokenizedText single(TokenizedText text, int limit, TruncationSide side) {
    if (text.length() <= limit) {
      return text;
    }
    int length = text.length(0);
    int room = room(text, limit, text.length() - length);
    return part(text, TokenRange.kept(length, room, side), new TokenRange(0, 0), true);
  }

  /** Cuts the longer of two texts, and both to the same length when that is not enough. */
  static TokenizedText longestFirst(TokenizedText pair, int limit, TruncationSide side) {
    if (pair.length() <= limit) {
      return pair;
    }
    int first = pair.length(0);
    int second = pair.length(1);
    int room = room(pair, limit, pair.length() - first - second);
    int shorter = Math.min(first, second);
    int longer = shorter > room ? shorter : Math.max(shorter, room - shorter);
    if (shorter + longer > room) {
      shorter = room / 2;
      longer = shorter + room % 2;
    }
    boolean swap = first > second;
    return part(
        pair,
        TokenRange.kept(first, swap ? longer : shorter, side),
        TokenRange.kept(second, swap ? shorter : longer, side),
        true);
  }

  /** Windows over a single text. */
  static List<TokenizedText> windows(
      TokenizedText text, int limit, int stride, TruncationSide side) {
    int length = text.length(0);
    int room = room(text, limit, text.length() - length);
    List<TokenRange> windows = TokenRange.windows(length, room, stride, side);
    return windows.stream()
        .map(window -> part(text, window, new TokenRange(0, 0), windows.size() > 1))
        .toList();
  }

  /** Windows over the second text of a pair, each with the whole first text. */
  static List<TokenizedText> secondWindows(
      TokenizedText pair, int limit, int stride, TruncationSide side) {
    int first = pair.length(0);
    int second = pair.length(1);
    int room = limit - (pair.length() - second);
    if (room <= 0 && second > room) {
      throw new IllegalArgumentException(
          "the first text has %d tokens, which leaves none of %d for the second"
              .formatted(first, limit));
    }
    List<TokenRange> windows = TokenRange.windows(second, room, stride, side);
    return windows.stream()
        .map(window -> part(pair, new TokenRange(0, first), window, windows.size() > 1))
        .toList();
  }

  private static int room(TokenizedText text, int limit, int special) {
    if (limit < special) {
      throw new IllegalArgumentException(
          "a limit of %d tokens does not hold the %d special ones of %d"
              .formatted(limit, special, text.length()));
    }
    return limit - special;
  }

  private static TokenizedText part(
      TokenizedText text, TokenRange first, TokenRange second, boolean truncated) {
    int[] kept = new int[text.length()];
    int count = 0;
    int[] seen = new int[2];
    for (int i = 0; i < text.length(); i++) {
      int sequence = text.sequences()[i];
      if (sequence < 0 || (sequence == 0 ? first : second).contains(seen[sequence]++)) {
        kept[count++] = i;
      }
    }
    kept = Arrays.copyOf(kept, count);
    return new TokenizedText(
        take(text.ids(), kept),
        take(text.typeIds(), kept),
        take(text.specialMask(), kept),
        take(text.starts(), kept),
        take(text.ends(), kept),
        take(text.words(), kept),
        take(text.sequences(), kept),
        truncated);
  }

  private static long[] take(long[] values, int[] kept) {
    return Arrays.stream(kept).mapToLong(i -> values[i]).toArray();
  }

  private static int[] take(int[] values, int[] kept) {
    return Arrays.stream(kept).map(i -> values[i]).toArray();
  }
}
