package io.slipway.models.layers.attention;

import io.slipway.models.runtime.Scope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * The angles of one pass, by which features of queries and keys are rotated.
 *
 * @param cosine [1 or rows, width, 1, features that rotate]
 * @param sine the same shape; negative in its first half
 * @see RotaryEmbedding
 */
public record Rotation(Tensor cosine, Tensor sine) {

  /** [rows, width, heads, headSize] to the same shape */
  public Tensor apply(Tensor x) {
    long turning = cosine.size(3);
    long size = x.size(3);
    if (turning == size) {
      return turn(x);
    }
    return torch.cat(
        new TensorVector(turn(x.narrow(3, 0, turning)), x.narrow(3, turning, size - turning)), -1);
  }

  /** Feature i turns with feature i + half. */
  private Tensor turn(Tensor x) {
    return Scope.result(
        () -> {
          Tensor swapped = torch.roll(x, new long[] {x.size(3) / 2}, -1);
          return x.mul(cosine).addcmul_(swapped, sine);
        });
  }
}
