package io.slipway.models.layers;

import org.bytedeco.pytorch.Tensor;

/**
 * down(activation(gate(x)) * up(x)).
 *
 * @see <a href="https://arxiv.org/abs/2002.05202">Shazeer 2020</a>
 */
public record GatedMlp(Linear gate, Linear up, Linear down, Activation activation) {

  /** [..., features] to the same shape */
  public Tensor apply(Forward forward, Tensor x) {
    Tensor opened = activation.consume(forward, gate.apply(forward, x));
    return down.apply(forward, multiplied(forward, opened, up.apply(forward, x)));
  }

  /** The product of a gate's activation and what passes it. */
  public static Tensor multiplied(Forward forward, Tensor opened, Tensor passing) {
    // A backward pass needs both factors as they were.
    return forward.training() ? opened.mul(passing) : opened.mul_(passing);
  }
}
