package io.slipway.benchmarks.conformance;

import io.slipway.models.architecture.TokenBatch;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A golden's token sequences as a batch. The reference may pad on either side; a batch has its
 * padding on the right, so a row's tokens stand in another order where the reference padded on the
 * left.
 *
 * @param batch real tokens first in each row
 * @param order where each token of a row stood in the reference's row
 * @param lengths real tokens of each row
 */
@SuppressWarnings("ArrayRecordComponent")
record GoldenTokens(TokenBatch batch, int[][] order, int[] lengths) {

  /** The model's input. */
  static GoldenTokens source(Golden golden) {
    return read(golden, "input_ids", "attention_mask", "token_type_ids");
  }

  /** What an encoder-decoder is given as its target so far. */
  static GoldenTokens target(Golden golden) {
    return read(golden, "decoder_input_ids", "decoder_attention_mask", "no_type_ids");
  }

  private static GoldenTokens read(Golden golden, String idsName, String maskName, String types) {
    long[][] ids =
        golden
            .ids("inputs", idsName)
            .orElseThrow(
                () -> new IllegalArgumentException(Golden.FILE + " has no inputs." + idsName));
    return of(ids, golden.ids("inputs", maskName), golden.ids("inputs", types));
  }

  static GoldenTokens of(long[][] ids, Optional<long[][]> masks, Optional<long[][]> types) {
    int length = ids[0].length;
    check("mask", ids, masks);
    check("type", ids, types);
    int size = Math.multiplyExact(ids.length, length);
    long[] allIds = new long[size];
    long[] allTypes = new long[size];
    boolean[] real = new boolean[size];
    int[][] order = new int[ids.length][];
    int[] lengths = new int[ids.length];
    for (int row = 0; row < ids.length; row++) {
      int r = row;
      long[] mask = masks.map(all -> all[r]).orElseGet(() -> ones(length));
      if (ids[row].length != length || length == 0) {
        throw new IllegalArgumentException(
            "%s: row %d has %d ids, expected as many as the first row, and at least one"
                .formatted(Golden.FILE, row, ids[row].length));
      }
      order[row] =
          IntStream.concat(
                  IntStream.range(0, length).filter(i -> mask[i] != 0),
                  IntStream.range(0, length).filter(i -> mask[i] == 0))
              .toArray();
      lengths[row] = (int) Arrays.stream(mask).filter(value -> value != 0).count();
      for (int i = 0; i < length; i++) {
        int at = row * length + i;
        allIds[at] = ids[row][order[row][i]];
        allTypes[at] = types.isPresent() ? types.get()[row][order[row][i]] : 0;
        real[at] = i < lengths[row];
      }
    }
    return new GoldenTokens(
        new TokenBatch(ids.length, length, allIds, allTypes, real), order, lengths);
  }

  private static void check(String what, long[][] ids, Optional<long[][]> values) {
    if (values.isEmpty()) {
      return;
    }
    int[] expected = Arrays.stream(ids).mapToInt(row -> row.length).toArray();
    int[] actual = Arrays.stream(values.get()).mapToInt(row -> row.length).toArray();
    if (!Arrays.equals(expected, actual)) {
      throw new IllegalArgumentException(
          "%s: rows have %s ids and a %s for %s of them, expected one for each"
              .formatted(Golden.FILE, Arrays.toString(expected), what, Arrays.toString(actual)));
    }
  }

  private static long[] ones(int length) {
    long[] ones = new long[length];
    Arrays.fill(ones, 1);
    return ones;
  }

  /** The ids of a row without padding. */
  long[] row(int row) {
    int from = row * batch.length();
    return Arrays.copyOfRange(batch.ids(), from, from + lengths[row]);
  }

  /**
   * Values for each token in the reference's order, put into the batch's.
   *
   * @param values [rows, length], row-major
   */
  double[] reordered(double[] values) {
    if (values.length != batch.rows() * batch.length()) {
      throw new IllegalArgumentException(
          "%s has %d labels for %d rows of %d tokens, expected one for each"
              .formatted(Golden.FILE, values.length, batch.rows(), batch.length()));
    }
    double[] result = new double[values.length];
    for (int row = 0; row < batch.rows(); row++) {
      for (int i = 0; i < batch.length(); i++) {
        result[row * batch.length() + i] = values[row * batch.length() + order[row][i]];
      }
    }
    return result;
  }

  /** {@link #reordered(double[])} of a vector for each token: [rows, length, width]. */
  Golden.Numbers reordered(Golden.Numbers numbers) {
    int tokens = batch.rows() * batch.length();
    if (numbers.values().length % tokens != 0) {
      throw new IllegalArgumentException(
          "%s has outputs of shape %s for %d rows of %d tokens"
              .formatted(
                  Golden.FILE, Arrays.toString(numbers.shape()), batch.rows(), batch.length()));
    }
    int width = numbers.values().length / tokens;
    double[] values = new double[numbers.values().length];
    for (int at = 0; at < tokens; at++) {
      int row = at / batch.length();
      int from = row * batch.length() + order[row][at % batch.length()];
      System.arraycopy(numbers.values(), from * width, values, at * width, width);
    }
    return new Golden.Numbers(numbers.shape(), values);
  }

  /**
   * Whether both sides compute the same at a place: padding is computed too, but means something
   * else where it was moved.
   */
  boolean isComparable(int place, int width) {
    int at = place / width;
    int i = at % batch.length();
    return batch.real()[at] || order[at / batch.length()][i] == i;
  }
}
