package io.slipway.models.layers;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Normalises the last dimension to mean 0 and variance 1, then scales and shifts it.
 *
 * @see <a href="https://arxiv.org/abs/1607.06450">Ba, Kiros, Hinton 2016</a>
 */
public final class LayerNorm {

  private final Tensor weight;
  private final Tensor bias;
  private final long[] shape;
  private final double epsilon;

  /** Takes {@code name.weight} and {@code name.bias}, both [size]. */
  public LayerNorm(Weights weights, String name, long size, double epsilon) {
    this.weight = weights.parameter(name + ".weight", Role.SCALE, size);
    this.bias = weights.parameter(name + ".bias", Role.BIAS, size);
    this.shape = new long[] {size};
    this.epsilon = epsilon;
  }

  /** [..., size] to the same shape, in single precision or the type of the weights */
  public Tensor apply(Tensor x) {
    return torch.layer_norm(x, shape, beside(x, weight), beside(x, bias), epsilon, true);
  }

  /** libtorch takes weights in single precision beside activations of fewer bits, and no others. */
  private static TensorOptional beside(Tensor x, Tensor parameter) {
    boolean single = x.scalar_type().intern() == ScalarType.Float;
    return new TensorOptional(single ? parameter.to(ScalarType.Float) : parameter);
  }
}
