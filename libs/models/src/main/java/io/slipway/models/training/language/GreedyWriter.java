package io.slipway.models.training.language;

import io.slipway.models.architecture.Continuation;
import io.slipway.models.architecture.EncoderDecoder;
import io.slipway.models.architecture.TokenBatch;
import io.slipway.models.layers.Forward;
import io.slipway.models.runtime.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Writes the likeliest token, again and again, until each text has ended.
 *
 * @param start the decoder's first token
 * @param ends tokens that end a text; it is without them
 * @param maxLength tokens at most
 */
record GreedyWriter(EncoderDecoder model, long start, List<Integer> ends, int maxLength) {

  /** On the compute thread: a text for each source. */
  List<long[]> write(Forward forward, TokenBatch sources) {
    List<List<Long>> written = new ArrayList<>();
    IntStream.range(0, sources.rows()).forEach(row -> written.add(new ArrayList<>()));
    boolean[] ended = new boolean[sources.rows()];
    long[][] next = new long[sources.rows()][];
    Arrays.fill(next, new long[] {start});
    try (Continuation targets = model.begin(forward, sources, maxLength)) {
      for (int step = 0; step < maxLength && !all(ended); step++) {
        float[][] scores = Tensors.rows(targets.extend(forward, next));
        for (int row = 0; row < next.length; row++) {
          int token = best(scores[row]);
          ended[row] |= ends.contains(token);
          if (!ended[row]) {
            written.get(row).add((long) token);
          }
          next[row] = new long[] {token};
        }
      }
    }
    return written.stream()
        .map(text -> text.stream().mapToLong(Long::longValue).toArray())
        .toList();
  }

  private static boolean all(boolean[] flags) {
    return IntStream.range(0, flags.length).allMatch(i -> flags[i]);
  }

  private static int best(float[] scores) {
    int best = 0;
    for (int i = 1; i < scores.length; i++) {
      best = scores[i] > scores[best] ? i : best;
    }
    return best;
  }
}
