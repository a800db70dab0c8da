package io.slipway.models.layers;

import io.slipway.models.layers.pass.Forward;
import org.bytedeco.pytorch.Tensor;

/**
 * What a part of a block adds its output to.
 *
 * @param x mostly the part's input before its normalisation
 * @param dropout of what is added
 */
public record Residual(Tensor x, double dropout) {

  /** x and what a part came to, which is read by nobody else. */
  public Tensor plus(Forward forward, Tensor y) {
    return forward.dropout(y, dropout).add_(x);
  }

  /** x and what the last layer of a part makes of its input. */
  public Tensor plus(Forward forward, Linear layer, Tensor input) {
    return forward.training()
        ? plus(forward, layer.apply(forward, input))
        : layer.applyPlus(forward, input, x);
  }
}
