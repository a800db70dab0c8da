package io.slipway.models.layers.attention;

import io.slipway.models.layers.Linear;
import io.slipway.models.layers.pass.Forward;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Attention of a sequence to itself, over several heads.
 *
 * @param query to heads * headSize features, like key and value
 * @see <a href="https://arxiv.org/abs/1706.03762">Vaswani et al. 2017</a>
 */
public record SelfAttention(
    Linear query, Linear key, Linear value, Linear output, int heads, DotProduct dotProduct) {

  /**
   * Attends.
   *
   * @param x [batch, length, features]
   * @param mask see {@link DotProduct#apply}
   * @return [batch, length, features of the output projection]
   */
  public Tensor apply(Forward forward, Tensor x, @Nullable Tensor mask) {
    Tensor q = split(query.apply(forward, x)); // [batch, heads, length, headSize]
    Tensor k = split(key.apply(forward, x));
    Tensor v = split(value.apply(forward, x));
    Tensor context = dotProduct.apply(forward, q, k, v, mask);
    Tensor merged =
        context
            .transpose(1, 2) // [batch, length, heads, headSize]
            .reshape(x.size(0), x.size(1), heads * q.size(3));
    return output.apply(forward, merged);
  }

  private Tensor split(Tensor x) {
    return x.view(x.size(0), x.size(1), heads, x.size(2) / heads).transpose(1, 2);
  }
}
