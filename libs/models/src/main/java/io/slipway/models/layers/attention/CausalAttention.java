package io.slipway.models.layers.attention;

import io.slipway.models.kernels.Readiness;
import io.slipway.models.kernels.StepAttention;
import io.slipway.models.layers.attention.CausalPass.Sight;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.runtime.Scope;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * Attention of tokens to what came before them, over heads of queries that share fewer heads of
 * keys and values: query head h looks at key head h / (heads / keyValueHeads).
 *
 * <p>Shapes: b rows, s tokens, n heads, m heads of keys and values, g = n / m, d headSize, l keys.
 *
 * @param layer its number, for the cache
 * @param window how many tokens, itself included, each token sees; {@link CausalPass#UNLIMITED}
 * @param scale of the scores, mostly 1 / sqrt(headSize)
 * @param softCap the scores x become cap * tanh(x / cap)
 * @param dropout of the attention probabilities
 * @see <a href="https://arxiv.org/abs/2305.13245">Ainslie et al. 2023</a>
 */
public record CausalAttention(
    int layer,
    int heads,
    int keyValueHeads,
    int headSize,
    int window,
    double scale,
    OptionalDouble softCap,
    double dropout) {

  /**
   * What is projected, positions not yet applied.
   *
   * @param q [b, s, n, d]
   * @param k [b, s, m, d]
   * @param v [b, s, m, d]
   */
  public record Heads(Tensor q, Tensor k, Tensor v) {}

  public CausalAttention {
    Readiness.begin();
  }

  /**
   * Attends; in a pass of remembered sequences it writes the keys and values into the cache, and
   * sees those that were there.
   *
   * @param rotation of queries and keys, or null
   * @return [b, s, n * d]
   */
  public Tensor apply(
      Forward forward, Heads projected, @Nullable Rotation rotation, CausalPass pass) {
    KvCache cache = pass.cache();
    if (cache != null && pass.isStep()) {
      StepAttention.Tokens tokens = tokens(projected, rotation);
      if (StepAttention.takes(tokens)) {
        return step(cache, tokens, pass);
      }
    }
    Tensor q = rotation == null ? projected.q() : rotation.apply(projected.q());
    Tensor k = rotation == null ? projected.k() : rotation.apply(projected.k());
    return apply(forward, q, k, projected.v(), pass);
  }

  private Tensor apply(Forward forward, Tensor q, Tensor k, Tensor v, CausalPass pass) {
    KvCache cache = pass.cache();
    Sight sight = pass.sight(window);
    Tensor keys = k.transpose(1, 2); // [b, m, s, d]
    Tensor values = v.transpose(1, 2);
    if (cache != null) {
      cache.append(layer, pass, keys, values);
      keys = cache.keys(layer, sight.from(), sight.to()).to(q.scalar_type()); // [b, m, l, d]
      values = cache.values(layer, sight.from(), sight.to()).to(q.scalar_type());
    }
    if (forward.training() || softCap.isPresent()) {
      return stepwise(forward, q, keys, values, sight.mask());
    }
    return q.size(1) == 1 ? single(q, keys, values, sight) : several(q, keys, values, sight);
  }

  private static StepAttention.Tokens tokens(Heads heads, @Nullable Rotation rotation) {
    return new StepAttention.Tokens(
        heads.q(),
        heads.k(),
        heads.v(),
        rotation == null ? null : new StepAttention.Angles(rotation.cosine(), rotation.sine()));
  }

  /** One token a row, each of which sees places of its own. */
  private Tensor step(KvCache cache, StepAttention.Tokens tokens, CausalPass pass) {
    int[] to = IntStream.range(0, pass.rows()).map(pass::start).toArray();
    int[] from = Arrays.stream(to).map(place -> Math.max(0, place - (window - 1))).toArray();
    return StepAttention.apply(
        tokens,
        new StepAttention.Memory(cache.keys(layer), cache.values(layer), from, to),
        new StepAttention.Scores(scale, softCap));
  }

  /** One query a row: the heads of a group stand as queries of one head, so keys are not copied. */
  private Tensor single(Tensor q, Tensor k, Tensor v, Sight sight) {
    long rows = q.size(0);
    int group = heads / keyValueHeads;
    Tensor mask = sight.mask();
    if (mask != null && mask.size(1) > 1) {
      mask = mask.reshape(mask.size(0), keyValueHeads, group, mask.size(3));
    }
    Tensor grouped = q.reshape(rows, keyValueHeads, group, headSize); // [b, m, g, d]
    return fused(grouped, k, v, mask, false).reshape(rows, 1, (long) heads * headSize);
  }

  private Tensor several(Tensor q, Tensor k, Tensor v, Sight sight) {
    Tensor context =
        Scope.result(() -> fused(q.transpose(1, 2), k, v, sight.mask(), sight.causal()));
    return context
        .transpose(1, 2) // [b, s, n, d]
        .reshape(q.size(0), q.size(1), (long) heads * headSize);
  }

  /** Heads of queries, or groups of them, in order share the heads of keys and values. */
  private Tensor fused(Tensor q, Tensor k, Tensor v, @Nullable Tensor mask, boolean causal) {
    return torch.scaled_dot_product_attention(
        q,
        k,
        v,
        mask == null ? new TensorOptional() : new TensorOptional(mask),
        0.0,
        causal,
        new DoubleOptional(scale),
        q.size(1) != k.size(1));
  }

  /**
   * Written out, because the fused kernel is slow backwards on the CPU and knows no caps, and to
   * draw dropout from our own stream.
   */
  private Tensor stepwise(Forward forward, Tensor q, Tensor k, Tensor v, @Nullable Tensor mask) {
    long rows = q.size(0);
    long width = q.size(1);
    int group = heads / keyValueHeads;
    Tensor grouped =
        q.mul(new Scalar(scale))
            .reshape(rows, width, keyValueHeads, group, headSize)
            .permute(0, 2, 3, 1, 4) // [b, m, g, s, d]
            .reshape(rows, keyValueHeads, group * width, headSize);
    Tensor scores =
        grouped
            .matmul(k.transpose(2, 3)) // [b, m, g * s, l]
            .view(rows, keyValueHeads, group, width, k.size(2));
    if (softCap.isPresent()) {
      Scalar cap = new Scalar(softCap.getAsDouble());
      scores = scores.div(cap).tanh().mul(cap);
    }
    if (mask != null) {
      scores = scores.add(byGroup(mask, group));
    }
    Tensor probabilities =
        torch.softmax(scores, -1, new ScalarTypeOptional(ScalarType.Float)).to(q.scalar_type());
    return forward
        .dropout(probabilities, dropout)
        .view(rows, keyValueHeads, group * width, k.size(2))
        .matmul(v) // [b, m, g * s, d]
        .view(rows, keyValueHeads, group, width, headSize)
        .permute(0, 3, 1, 2, 4) // [b, s, m, g, d]
        .reshape(rows, width, (long) heads * headSize);
  }

  /** [1 or b, 1 or n, 1 or s, l] to five dimensions, the heads by group */
  private Tensor byGroup(Tensor mask, int group) {
    return mask.size(1) == 1
        ? mask.unsqueeze(1)
        : mask.view(mask.size(0), keyValueHeads, group, mask.size(2), mask.size(3));
  }
}
