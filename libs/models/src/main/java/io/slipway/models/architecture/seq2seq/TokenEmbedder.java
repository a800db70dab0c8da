package io.slipway.models.architecture.seq2seq;

import io.slipway.models.layers.pass.Forward;
import org.bytedeco.pytorch.Tensor;

/** From tokens and where they stand to the first layer's input. */
@FunctionalInterface
interface TokenEmbedder {

  /**
   * Embeds.
   *
   * @param ids [b, s]
   * @param positions [b or 1, s], counted from zero
   * @return [b, s, h]
   */
  Tensor embed(Forward forward, Tensor ids, Tensor positions);
}
