package io.slipway.models.architecture.seq2seq;

import io.slipway.models.layers.Linear;
import io.slipway.models.layers.attention.CausalAttention;
import io.slipway.models.layers.attention.CausalPass;
import io.slipway.models.layers.attention.DotProduct;
import io.slipway.models.layers.pass.Forward;
import java.util.OptionalDouble;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Attention over several heads, to the sequence itself or to another one: what is looked at is
 * projected apart, so that it can be remembered.
 *
 * @param query to heads * headSize features, like key and value
 * @see <a href="https://arxiv.org/abs/1706.03762">Vaswani et al. 2017</a>
 */
record Attention(
    Linear query, Linear key, Linear value, Linear output, int heads, DotProduct dotProduct) {

  /** What can be looked at of these states: [batch, length, features] */
  KeyValue project(Forward forward, Tensor states) {
    return new KeyValue(
        split(key.apply(forward, states)).transpose(1, 2),
        split(value.apply(forward, states)).transpose(1, 2));
  }

  /**
   * Attends.
   *
   * @param x [batch, length, features]
   * @param mask see {@link DotProduct#apply}
   * @return [batch, length, features of the output projection]
   */
  Tensor apply(Forward forward, Tensor x, KeyValue seen, @Nullable Tensor mask) {
    Tensor q = split(query.apply(forward, x)).transpose(1, 2); // [batch, heads, length, headSize]
    Tensor context = dotProduct.apply(forward, q, seen.keys(), seen.values(), mask);
    Tensor merged =
        context
            .transpose(1, 2) // [batch, length, heads, headSize]
            .reshape(x.size(0), x.size(1), heads * q.size(3));
    return output.apply(forward, merged);
  }

  /**
   * Attends to what came before.
   *
   * @param layer number of the layer, for what is remembered
   */
  Tensor applyCausal(Forward forward, Tensor x, int layer, CausalPass pass) {
    Tensor q = split(query.apply(forward, x)); // [batch, length, heads, headSize]
    CausalAttention causal =
        new CausalAttention(
            layer,
            heads,
            heads,
            (int) q.size(3),
            CausalPass.UNLIMITED,
            dotProduct.scale(),
            OptionalDouble.empty(),
            dotProduct.dropout());
    Tensor k = split(key.apply(forward, x));
    Tensor v = split(value.apply(forward, x));
    return output.apply(
        forward, causal.apply(forward, new CausalAttention.Heads(q, k, v), null, pass));
  }

  /** [batch, length, heads * headSize] to [batch, length, heads, headSize] */
  private Tensor split(Tensor x) {
    return x.view(x.size(0), x.size(1), heads, x.size(2) / heads);
  }
}
