package io.slipway.models.architecture;

import io.slipway.models.layers.Forward;
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
   * Extends every row, like {@link #extend}, and scores what follows each of its tokens.
   *
   * @return [rows, most tokens of a row, vocabulary]; what stands after a row's last token means
   *     nothing
   */
  Tensor extendScoringAll(Forward forward, long[][] tokens);

  /**
   * Takes rows over into new places: row i becomes what row {@code rows[i]} was. Rows that are not
   * named leave; one that is named twice is copied.
   */
  void select(int[] rows);

  @Override
  void close();
}
