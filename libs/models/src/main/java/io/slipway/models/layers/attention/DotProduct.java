package io.slipway.models.layers.attention;

import io.slipway.models.layers.pass.Forward;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * Scaled dot-product attention: softmax(scale * q k^T + mask) v.
 *
 * @param scale of the scores, mostly 1 / sqrt(headSize)
 * @param dropout of the attention probabilities
 * @see <a href="https://arxiv.org/abs/1706.03762">Vaswani et al. 2017</a>
 */
public record DotProduct(double scale, double dropout) {

  /** With the usual scale, 1 / sqrt(headSize). */
  public static DotProduct ofHeadSize(long headSize, double dropout) {
    return new DotProduct(1 / Math.sqrt((double) headSize), dropout);
  }

  /**
   * Attends.
   *
   * @param q [batch, heads, queries, headSize]
   * @param k [batch, heads, keys, headSize]; so is v
   * @param mask null when every query sees every key; boolean, true for keys that may be seen; or
   *     what is added to the scores. Broadcast to [batch, heads, queries, keys]
   * @return [batch, heads, queries, headSize]
   */
  public Tensor apply(Forward forward, Tensor q, Tensor k, Tensor v, @Nullable Tensor mask) {
    return forward.training() ? stepwise(forward, q, k, v, mask) : fused(q, k, v, mask);
  }

  private Tensor fused(Tensor q, Tensor k, Tensor v, @Nullable Tensor mask) {
    TensorOptional optional = mask == null ? new TensorOptional() : new TensorOptional(mask);
    return torch.scaled_dot_product_attention(
        q, k, v, optional, 0.0, false, new DoubleOptional(scale), false);
  }

  /**
   * Written out, because the fused kernel is slow backwards on the CPU, and to draw dropout from
   * our own stream.
   */
  private Tensor stepwise(Forward forward, Tensor q, Tensor k, Tensor v, @Nullable Tensor mask) {
    Tensor scores =
        q.mul(new Scalar(scale)).matmul(k.transpose(2, 3)); // [batch, heads, queries, keys]
    if (mask != null) {
      scores =
          mask.scalar_type().intern() == ScalarType.Bool
              ? scores.masked_fill(mask.logical_not(), new Scalar(Double.NEGATIVE_INFINITY))
              : scores.add(mask);
    }
    return forward.dropout(torch.softmax(scores, -1), dropout).matmul(v);
  }
}
