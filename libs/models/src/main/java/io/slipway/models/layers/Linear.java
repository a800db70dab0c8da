package io.slipway.models.layers;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** y = x W^T + b. */
public final class Linear {

  private final Tensor weight;
  private final Tensor bias;

  /** Takes {@code name.weight} [outputs, inputs] and {@code name.bias} [outputs]. */
  public Linear(Weights weights, String name, long inputs, long outputs) {
    this.weight = weights.parameter(name + ".weight", Role.MATRIX, outputs, inputs);
    this.bias = weights.parameter(name + ".bias", Role.BIAS, outputs);
  }

  /** [..., inputs] to [..., outputs] */
  public Tensor apply(Tensor x) {
    return torch.linear(x, weight, new TensorOptional(bias));
  }
}
