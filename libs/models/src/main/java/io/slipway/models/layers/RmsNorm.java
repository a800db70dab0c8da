package io.slipway.models.layers;

import io.slipway.models.kernels.Readiness;
import io.slipway.models.kernels.RowNorm;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Scales the last dimension to a root mean square of 1, then by a weight.
 *
 * @see <a href="https://arxiv.org/abs/1910.07467">Zhang, Sennrich 2019</a>
 */
public final class RmsNorm {

  private final Tensor weight;
  private final long[] shape;
  private final double epsilon;
  private final boolean aroundOne;

  private RmsNorm(Tensor weight, long size, double epsilon, boolean aroundOne) {
    this.weight = weight;
    this.shape = new long[] {size};
    this.epsilon = epsilon;
    this.aroundOne = aroundOne;
    Readiness.begin();
  }

  /** Takes {@code name.weight} [size]. */
  public RmsNorm(Weights weights, String name, long size, double epsilon) {
    this(weights.parameter(name + ".weight", Role.SCALE, size), size, epsilon, false);
  }

  /** Takes {@code name.weight} [size], which holds how far the scale is from 1, as Gemma's do. */
  public static RmsNorm aroundOne(Weights weights, String name, long size, double epsilon) {
    return new RmsNorm(weights.parameter(name + ".weight", Role.SCALE, size), size, epsilon, true);
  }

  /** [..., size] to the same shape */
  public Tensor apply(Tensor x) {
    if (RowNorm.takes(x, weight)) {
      return RowNorm.apply(x, weight, aroundOne ? 1 : 0, epsilon);
    }
    if (!aroundOne) {
      return normalise(x, weight);
    }
    ScalarType type = x.scalar_type();
    return normalise(x.to(ScalarType.Float), weight.to(ScalarType.Float).add(new Scalar(1.0)))
        .to(type);
  }

  private Tensor normalise(Tensor x, Tensor scale) {
    return torch.rms_norm(x, shape, new TensorOptional(scale), new DoubleOptional(epsilon));
  }
}
