package io.slipway.modelfiles.tokenizer;

import java.util.ArrayList;
import java.util.List;

/**
 * Tokens of one text from {@code start} to {@code end}, exclusive, counted within that text.
 *
 * @param start at least 0
 */
record TokenRange(int start, int end) {

  int length() {
    return end - start;
  }

  boolean contains(int index) {
    return index >= start && index < end;
  }

  /** What stays of {@code length} tokens when there is room for some only. */
  static TokenRange kept(int length, int room, TruncationSide side) {
    int kept = Math.min(length, room);
    return side == TruncationSide.RIGHT
        ? new TokenRange(0, kept)
        : new TokenRange(length - kept, length);
  }

  /**
   * Windows over {@code length} tokens that share {@code stride} tokens with their neighbours. The
   * side tells which end is sure to be covered by a full window, and that one comes first.
   */
  static List<TokenRange> windows(int length, int room, int stride, TruncationSide side) {
    if (length <= room) {
      return List.of(new TokenRange(0, length));
    }
    if (room <= stride) {
      throw new IllegalArgumentException(
          "windows of %d tokens cannot share a stride of %d".formatted(room, stride));
    }
    List<TokenRange> windows = new ArrayList<>();
    int step = room - stride;
    for (int at = 0; windows.isEmpty() || at + stride < length; at += step) {
      int far = Math.min(at + room, length);
      windows.add(
          side == TruncationSide.RIGHT
              ? new TokenRange(at, far)
              : new TokenRange(length - far, length - at));
    }
    return windows;
  }
}
