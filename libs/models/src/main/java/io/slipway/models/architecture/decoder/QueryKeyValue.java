package io.slipway.models.architecture.decoder;

import io.slipway.models.layers.attention.CausalAttention.Heads;
import io.slipway.models.layers.pass.Forward;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** The projections of an attention layer. */
@FunctionalInterface
interface QueryKeyValue {

  /** Projects [b, s, h] to n heads of queries, m heads of keys and values, d features each. */
  Heads apply(Forward forward, Tensor x);

  /** [b, s, heads * headSize] to [b, s, heads, headSize] */
  static Tensor byHead(Tensor x, long headSize) {
    return x.unflatten(-1, -1, headSize);
  }

  /** Queries, keys and values, each [b, s, heads * headSize]. */
  static Heads byHead(List<Tensor> all, long headSize) {
    return new Heads(
        byHead(all.get(0), headSize), byHead(all.get(1), headSize), byHead(all.get(2), headSize));
  }

  /** Parts of [b, s, n * d + 2 * m * d]: all queries, then all keys, then all values. */
  static Heads parts(Tensor x, long heads, long keyValueHeads, long headSize) {
    Tensor all = byHead(x, headSize); // [b, s, n + 2 * m, d]
    return new Heads(
        all.narrow(2, 0, heads),
        all.narrow(2, heads, keyValueHeads),
        all.narrow(2, heads + keyValueHeads, keyValueHeads));
  }
}
