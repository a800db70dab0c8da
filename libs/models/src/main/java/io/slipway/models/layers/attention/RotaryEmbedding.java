package io.slipway.models.layers.attention;

import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.Tensors;
import java.util.Arrays;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Positions as rotations of queries and keys: pairs of features turn with the position, each pair
 * at a frequency of its own.
 *
 * @see <a href="https://arxiv.org/abs/2104.09864">Su et al. 2021</a>
 */
public final class RotaryEmbedding {

  private final RopeParameters parameters;

  public RotaryEmbedding(RopeParameters parameters) {
    this.parameters = parameters;
  }

  /** The angles of a pass; they belong to the current scope. */
  public Rotation rotation(CausalPass pass) {
    ComputeDevice device = pass.device();
    Tensor places = pass.positions().to(ScalarType.Float).unsqueeze(-1); // [1 or rows, width, 1]
    Tensor angles = places.mul(frequencies(pass, device)); // [1 or rows, width, half]
    Tensor cosine = torch.cos(angles);
    Tensor sine = torch.sin(angles);
    return new Rotation(
        finish(new TensorVector(cosine, cosine), pass),
        finish(new TensorVector(sine.neg(), sine), pass));
  }

  private Tensor finish(TensorVector halves, CausalPass pass) {
    Tensor whole = torch.cat(halves, -1);
    double factor = parameters.attentionFactor();
    Tensor scaled = factor == 1 ? whole : whole.mul(new Scalar(factor));
    return scaled.to(pass.type()).unsqueeze(2);
  }

  /** [half] or, where they depend on a row's length, [rows, 1, half] */
  private Tensor frequencies(CausalPass pass, ComputeDevice device) {
    float[] first = parameters.inverseFrequencies(pass.end(0));
    if (!parameters.dependsOnLength()) {
      return Tensors.of(first, device, first.length);
    }
    float[] all = Arrays.copyOf(first, first.length * pass.rows());
    for (int row = 1; row < pass.rows(); row++) {
      float[] own = parameters.inverseFrequencies(pass.end(row));
      System.arraycopy(own, 0, all, row * own.length, own.length);
    }
    return Tensors.of(all, device, pass.rows(), 1, first.length);
  }
}
