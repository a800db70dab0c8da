package io.slipway.models.layers.attention;

import org.bytedeco.pytorch.Tensor;

/** What is added to attention scores for how far two tokens stand apart; the same in all layers. */
@FunctionalInterface
public interface PositionBias {

  /**
   * The bias between tokens.
   *
   * @param queries their places: [1 or rows, width], int64
   * @param keys their places: [keys], int64
   * @return broadcast to [rows, heads, width, keys]
   */
  Tensor between(Tensor queries, Tensor keys);
}
