package io.slipway.models.architecture.seq2seq;

import io.slipway.models.architecture.TokenBatch;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.Tensors;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Tokens of targets that a decoder goes over in one pass, padded on the right to the most that a
 * row has.
 *
 * @param length tokens of a row, padding included
 * @param ids [rows * length], row-major
 * @param begins tokens that each row had before
 * @param counts tokens that each row gets
 */
@SuppressWarnings("ArrayRecordComponent")
record TargetTokens(int rows, int length, long[] ids, int[] begins, int[] counts) {

  /** Targets from their first token on; their padding is like any token, since none looks ahead. */
  static TargetTokens whole(TokenBatch target) {
    int[] counts = new int[target.rows()];
    Arrays.fill(counts, target.length());
    return new TargetTokens(
        target.rows(), target.length(), target.ids(), new int[target.rows()], counts);
  }

  /** What is added to targets that have some tokens already. */
  static TargetTokens next(long[][] tokens, int[] begins) {
    int[] counts = Arrays.stream(tokens).mapToInt(row -> row.length).toArray();
    int length = Arrays.stream(counts).max().orElse(0);
    long[] ids = new long[tokens.length * length];
    for (int row = 0; row < tokens.length; row++) {
      System.arraycopy(tokens[row], 0, ids, row * length, counts[row]);
    }
    return new TargetTokens(tokens.length, length, ids, begins, counts);
  }

  /** Whether all rows are at the same place. */
  boolean even() {
    return Arrays.stream(begins).allMatch(begin -> begin == begins[0])
        && Arrays.stream(counts).allMatch(count -> count == length);
  }

  /** Tokens that the longest row has after this pass. */
  int keys() {
    return IntStream.range(0, rows).map(row -> begins[row] + counts[row]).max().orElse(0);
  }

  /**
   * Where each token stands in its target: a row for each target, or one for all when they are at
   * the same place. Padding stands where its row ends.
   */
  long[][] positions() {
    return IntStream.range(0, even() ? 1 : rows)
        .mapToObj(
            row ->
                IntStream.range(0, length)
                    .mapToLong(i -> begins[row] + Math.min(i, counts[row] - 1))
                    .toArray())
        .toArray(long[][]::new);
  }

  /** [rows, length] */
  Tensor ids(ComputeDevice device) {
    return Tensors.of(ids, device, rows, length);
  }

  /** The same as {@link #positions()}: [rows or 1, length] */
  Tensor positions(ComputeDevice device) {
    long[][] positions = positions();
    return Tensors.of(
        Arrays.stream(positions).flatMapToLong(Arrays::stream).toArray(),
        device,
        positions.length,
        length);
  }

  /**
   * Which keys of the target each token may look at, none of them after itself: [rows or 1, 1,
   * length, keys], or null when that is all.
   */
  @Nullable Tensor visible(ComputeDevice device) {
    int keys = keys();
    if (length == 1 && even()) {
      return null;
    }
    long[][] positions = positions();
    boolean[] visible = new boolean[positions.length * length * keys];
    int at = 0;
    for (long[] row : positions) {
      for (long position : row) {
        Arrays.fill(visible, at, at + (int) position + 1, true);
        at += keys;
      }
    }
    return Tensors.of(visible, device, positions.length, 1, length, keys);
  }
}
