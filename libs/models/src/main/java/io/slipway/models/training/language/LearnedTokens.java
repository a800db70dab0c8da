package io.slipway.models.training.language;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Tokens, and which of them count in the loss.
 *
 * @param learned as many as ids
 */
@SuppressWarnings("ArrayRecordComponent")
record LearnedTokens(long[] ids, boolean[] learned) {

  static LearnedTokens of(List<Long> ids, List<Boolean> learned) {
    boolean[] flags = new boolean[learned.size()];
    for (int i = 0; i < flags.length; i++) {
      flags[i] = learned.get(i);
    }
    return new LearnedTokens(ids.stream().mapToLong(Long::longValue).toArray(), flags);
  }

  LearnedTokens first(int limit) {
    return part(0, Math.min(limit, ids.length));
  }

  /** Whether a token counts that has one before it. */
  boolean teaches() {
    for (int i = 1; i < learned.length; i++) {
      if (learned[i]) {
        return true;
      }
    }
    return false;
  }

  private LearnedTokens part(int from, int to) {
    return new LearnedTokens(
        Arrays.copyOfRange(ids, from, to), Arrays.copyOfRange(learned, from, to));
  }

  /** All texts one after another, cut into parts of one length; the last may be shorter. */
  static List<LearnedTokens> packed(List<LearnedTokens> texts, int length) {
    int total = texts.stream().mapToInt(text -> text.ids.length).reduce(0, Math::addExact);
    LearnedTokens all = new LearnedTokens(new long[total], new boolean[total]);
    int at = 0;
    for (LearnedTokens text : texts) {
      System.arraycopy(text.ids, 0, all.ids, at, text.ids.length);
      System.arraycopy(text.learned, 0, all.learned, at, text.ids.length);
      at += text.ids.length;
    }
    List<LearnedTokens> parts = new ArrayList<>();
    for (int from = 0; from < total; from += length) {
      LearnedTokens part = all.part(from, Math.min(from + length, total));
      if (part.teaches()) {
        parts.add(part);
      }
    }
    return parts;
  }
}
