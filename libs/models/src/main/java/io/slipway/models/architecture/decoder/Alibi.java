package io.slipway.models.architecture.decoder;

import io.slipway.models.layers.attention.PositionBias;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.Tensors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Attention with linear biases: scores grow with a key's place, at a slope of each head's own. As
 * in the reference's Falcon, slopes and biases are rounded to bfloat16, and scaled like the scores.
 *
 * @see <a href="https://arxiv.org/abs/2108.12409">Press et al. 2021</a>
 */
record Alibi(int heads, double scale, ComputeDevice device) implements PositionBias {

  @Override
  public Tensor between(Tensor queries, Tensor keys) {
    Tensor slopes = Tensors.of(slopes(), device, 1, heads, 1, 1).to(ScalarType.BFloat16);
    return slopes.mul(keys).to(ScalarType.Float).mul(new Scalar(scale)); // [1, heads, 1, keys]
  }

  /** A geometric series; where the heads are no power of two, every other of the next one's too. */
  private float[] slopes() {
    int power = Integer.highestOneBit(heads);
    float[] slopes = new float[heads];
    for (int i = 0; i < heads; i++) {
      slopes[i] = i < power ? slope(power, i + 1) : slope(2 * power, 2 * (i - power) + 1);
    }
    return slopes;
  }

  private static float slope(int heads, int exponent) {
    return (float) Math.pow((float) Math.pow(2, -8.0 / heads), exponent);
  }
}
