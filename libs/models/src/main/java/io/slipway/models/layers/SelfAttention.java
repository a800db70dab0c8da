package io.slipway.models.layers;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Scaled dot-product attention of a sequence to itself, over several heads.
 *
 * @param query to heads * headSize features, like key and value
 * @param dropout of the attention probabilities
 * @see <a href="https://arxiv.org/abs/1706.03762">Vaswani et al. 2017</a>
 */
public record SelfAttention(
    Linear query, Linear key, Linear value, Linear output, int heads, double dropout) {

  /**
   * Attends.
   *
   * @param x [batch, length, features]
   * @param visible boolean, true for keys that may be seen, broadcast to [batch, heads, length,
   *     length]; null for all
   * @return [batch, length, features of the output projection]
   */
  public Tensor apply(Forward forward, Tensor x, @Nullable Tensor visible) {
    Tensor q = split(query.apply(x)); // [batch, heads, length, headSize]
    Tensor k = split(key.apply(x));
    Tensor v = split(value.apply(x));
    Tensor context =
        forward.training() ? stepwise(forward, q, k, v, visible) : fused(q, k, v, visible);
    Tensor merged =
        context
            .transpose(1, 2) // [batch, length, heads, headSize]
            .reshape(x.size(0), x.size(1), heads * q.size(3));
    return output.apply(merged);
  }

  private Tensor split(Tensor x) {
    return x.view(x.size(0), x.size(1), heads, x.size(2) / heads).transpose(1, 2);
  }

  private static Tensor fused(Tensor q, Tensor k, Tensor v, @Nullable Tensor visible) {
    TensorOptional mask = visible == null ? new TensorOptional() : new TensorOptional(visible);
    return torch.scaled_dot_product_attention(
        q, k, v, mask, 0.0, false, new DoubleOptional(), false);
  }

  /**
   * Written out, because the fused kernel is slow backwards on the CPU, and to draw dropout from
   * our own stream.
   */
  private Tensor stepwise(Forward forward, Tensor q, Tensor k, Tensor v, @Nullable Tensor visible) {
    Tensor scores =
        q.mul(new Scalar(1 / Math.sqrt((double) q.size(3))))
            .matmul(k.transpose(2, 3)); // [batch, heads, length, length]
    if (visible != null) {
      scores = scores.masked_fill(visible.logical_not(), new Scalar(Double.NEGATIVE_INFINITY));
    }
    return forward.dropout(torch.softmax(scores, -1), dropout).matmul(v);
  }
}
