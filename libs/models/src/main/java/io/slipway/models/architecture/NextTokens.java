package io.slipway.models.architecture;

import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.Tensors;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * What the rows of a continuation are extended by: a rectangle of rows and width, in which a row
 * that gets fewer tokens than the width is padded on the right with its last one.
 */
@SuppressWarnings("ArrayRecordComponent")
public record NextTokens(long[][] rows) {

  /** Positions whose scores are in memory at a time. */
  private static final int SCORED = 128;

  /**
   * Refuses what a continuation cannot take.
   *
   * @throws IllegalArgumentException when rows are missing or empty, would outgrow their capacity,
   *     or have tokens that the vocabulary lacks
   */
  public void check(Continuation sequences, int vocabulary) {
    if (rows.length != sequences.rows()) {
      throw new IllegalArgumentException(
          "tokens for %d rows, expected %d".formatted(rows.length, sequences.rows()));
    }
    for (int row = 0; row < rows.length; row++) {
      int count = rows[row].length;
      if (count == 0) {
        throw new IllegalArgumentException("row %d gets no token".formatted(row));
      }
      if (count > sequences.capacity() - sequences.length(row)) {
        throw new IllegalArgumentException(
            "row %d would have %d tokens, but was begun for %d"
                .formatted(row, sequences.length(row) + count, sequences.capacity()));
      }
      for (long token : rows[row]) {
        if (token < 0 || token >= vocabulary) {
          throw new IllegalArgumentException(
              "token id %d, but the model's vocabulary has %d: the tokenizer does not fit it"
                  .formatted(token, vocabulary));
        }
      }
    }
  }

  /** Tokens that each row gets. */
  public int[] counts() {
    return Arrays.stream(rows).mapToInt(row -> row.length).toArray();
  }

  private int width() {
    return Arrays.stream(rows).mapToInt(row -> row.length).max().orElse(0);
  }

  /** [rows, width] */
  public Tensor ids(ComputeDevice device) {
    int width = width();
    long[] ids = new long[rows.length * width];
    for (int row = 0; row < rows.length; row++) {
      long[] own = rows[row];
      System.arraycopy(own, 0, ids, row * width, own.length);
      Arrays.fill(ids, row * width + own.length, (row + 1) * width, own[own.length - 1]);
    }
    return Tensors.of(ids, device, rows.length, width);
  }

  /**
   * The state of each row's last token.
   *
   * @param states [rows, width, features]
   * @return [rows, features]
   */
  public Tensor last(Tensor states, ComputeDevice device) {
    int width = width();
    if (Arrays.stream(rows).allMatch(row -> row.length == width)) {
      return states.select(1, width - 1L);
    }
    long[] at = new long[rows.length];
    Arrays.setAll(at, row -> (long) row * width + rows[row].length - 1);
    return states.flatten(0, 1).index_select(0, Tensors.of(at, device, at.length));
  }

  /**
   * Hands out what follows each token, without having all of it in memory.
   *
   * @param states [rows, width, features]
   * @param scores states [tokens, features] to [tokens, vocabulary]
   * @param skipped tokens at the beginning of each row that are not asked for
   */
  public void read(
      Tensor states, UnaryOperator<Tensor> scores, int[] skipped, Continuation.ScoreReader reader) {
    for (int row = 0; row < rows.length; row++) {
      int count = rows[row].length - skipped[row];
      for (int from = 0; from < count; from += SCORED) {
        int part = Math.min(SCORED, count - from);
        try (PointerScope scope = new PointerScope()) {
          Tensor some = states.select(0, row).narrow(0, (long) skipped[row] + from, part);
          reader.read(row, from, scores.apply(some));
        }
      }
    }
  }
}
