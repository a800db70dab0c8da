package io.slipway.models.architecture;

import io.slipway.models.layers.pass.Forward;
import org.bytedeco.pytorch.Tensor;

/**
 * Sequences that a decoder continues, token by token, with what it remembers of each: a batch whose
 * rows may be of different lengths, and each of which is as if it were alone. Runs on the compute
 * thread only; owns its memory until it is closed.
 */
public interface Continuation extends AutoCloseable {

  /** Number of sequences. */
  int rows();

  /** Tokens that a row may come to have. */
  int capacity();

  /** Tokens of a row that are remembered. */
  int length(int row);

  /**
   * Extends every row.
   *
   * @param tokens at least one for each row; rows may get different numbers of them
   * @return scores of what follows each row's last token: [rows, vocabulary]
   * @throws IllegalArgumentException when a row would outgrow its capacity, or a token is unknown;
   *     nothing has changed then
   */
  Tensor extend(Forward forward, long[][] tokens);

  /**
   * Extends every row, and hands out the scores of what follows each of its tokens too.
   *
   * @return like {@link #extend(Forward, long[][])}
   */
  Tensor extend(Forward forward, long[][] tokens, ScoreReader reader);

  /** Reads scores of many positions, some at a time, so that they need not all be in memory. */
  @FunctionalInterface
  interface ScoreReader {

    /**
     * Reads some of a row's scores, which belong to a scope that ends with this call.
     *
     * @param from which of the row's new tokens the first of these scores follow
     * @param scores [tokens, vocabulary]
     */
    void read(int row, int from, Tensor scores);
  }

  /**
   * Takes rows over into new places: row i becomes what row {@code rows[i]} was. Rows that are not
   * named leave; one that is named twice is copied.
   */
  void select(int[] rows);

  /**
   * Adds copies of another's rows after these, with all that is remembered of them. So sequences
   * that were begun apart, or remembered from before, go on together.
   *
   * @throws IllegalArgumentException when the other is of another model, or has a row that is
   *     longer than the capacity
   */
  void append(Continuation other);

  @Override
  void close();
}
