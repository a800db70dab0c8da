package io.slipway.models.architecture.seq2seq;

import io.slipway.models.layers.Role;
import io.slipway.models.layers.Weights;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * Scales the last dimension to a root mean square of 1, then by a weight; neither centred nor
 * shifted.
 *
 * @see <a href="https://arxiv.org/abs/1910.07467">Zhang, Sennrich 2019</a>
 */
final class RootMeanSquareNorm {

  private final Tensor weight;
  private final long[] shape;
  private final double epsilon;

  /** Takes {@code name.weight} [size]. */
  RootMeanSquareNorm(Weights weights, String name, long size, double epsilon) {
    this.weight = weights.parameter(name + ".weight", Role.SCALE, size);
    this.shape = new long[] {size};
    this.epsilon = epsilon;
  }

  /** [..., size] to the same shape */
  Tensor apply(Tensor x) {
    return torch.rms_norm(x, shape, new TensorOptional(weight), new DoubleOptional(epsilon));
  }
}
