package io.slipway.models.architecture.encoder;

import io.slipway.models.layers.Linear;
import io.slipway.models.layers.Weights;
import io.slipway.models.layers.pass.Forward;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * DeBERTa's attention: to what a query and a key say of each other it adds what the query says of
 * the key's relative position (c2p), and the key of the query's (p2c).
 *
 * <p>Shapes: b rows, s tokens, n heads, d features of a head, r relative positions.
 *
 * @see <a href="https://arxiv.org/abs/2006.03654">He et al. 2020</a>
 */
final class DisentangledAttention {

  /**
   * Which parts there are.
   *
   * @param relative whether there are relative positions at all
   * @param shared whether they go through the projections of the content
   */
  record Parts(
      boolean relative, boolean contentToPosition, boolean positionToContent, boolean shared) {

    /** Addends of a score, by whose number it is scaled. */
    int count() {
      return 1 + (contentToPosition ? 1 : 0) + (positionToContent ? 1 : 0);
    }

    boolean positioned() {
      return relative && (contentToPosition || positionToContent);
    }
  }

  private final Linear query;
  private final Linear key;
  private final Linear value;
  private final Linear output;
  private final @Nullable Linear positionKey;
  private final @Nullable Linear positionQuery;
  private final int heads;
  private final double scale;
  private final double positionDropout;
  private final double attentionDropout;

  DisentangledAttention(
      Weights weights, String prefix, LayerNames names, LayerShape shape, Parts parts) {
    int h = shape.hiddenSize();
    this.query = new Linear(weights, prefix + names.query(), h, h);
    this.key = new Linear(weights, prefix + names.key(), h, h);
    this.value = new Linear(weights, prefix + names.value(), h, h);
    this.output = new Linear(weights, prefix + names.attended(), h, h);
    this.positionKey =
        parts.relative() && parts.contentToPosition()
            ? parts.shared()
                ? key
                : new Linear(weights, prefix + "attention.self.pos_key_proj", h, h)
            : null;
    this.positionQuery =
        parts.relative() && parts.positionToContent()
            ? parts.shared()
                ? query
                : new Linear(weights, prefix + "attention.self.pos_query_proj", h, h)
            : null;
    this.heads = shape.numAttentionHeads();
    this.scale = 1 / Math.sqrt((double) shape.headSize() * parts.count());
    this.positionDropout = shape.outputDropout();
    this.attentionDropout = shape.attentionDropout();
  }

  /**
   * Attends.
   *
   * @param x [b, s, h]
   * @param hidden [b, 1, s, s], true for pairs of which one is padding; null when there is none
   * @param positions [r, h], and {@code index} [s, s] of rows in it; null without positions
   * @return [b, s, h]
   */
  Tensor apply(
      Forward forward,
      Tensor x,
      @Nullable Tensor hidden,
      @Nullable Tensor positions,
      @Nullable Tensor index) {
    Tensor q = split(query.apply(forward, x)).mul(new Scalar(scale)); // [b, n, s, d]
    Tensor k = split(key.apply(forward, x));
    Tensor v = split(value.apply(forward, x));
    Tensor scores = q.matmul(k.transpose(2, 3)); // [b, n, s, s]
    if (positions != null && index != null) {
      addPositions(forward, scores, q, k, positions, index.expand(scores.shape()));
    }
    if (hidden != null) {
      scores.masked_fill_(hidden, new Scalar(lowest(scores)));
    }
    Tensor context = forward.dropout(torch.softmax(scores, -1), attentionDropout).matmul(v);
    return output.apply(forward, context.transpose(1, 2).reshape(x.size(0), x.size(1), x.size(2)));
  }

  private void addPositions(
      Forward forward, Tensor scores, Tensor q, Tensor k, Tensor positions, Tensor index) {
    Tensor kept = forward.forEachRow(forward.dropout(positions, positionDropout));
    if (positionKey != null) {
      Tensor keys = splitPositions(positionKey.apply(forward, kept)); // [n, d, r]
      scores.add_(q.matmul(keys).gather(3, index));
    }
    if (positionQuery != null) {
      Tensor queries = splitPositions(positionQuery.apply(forward, kept)).mul(new Scalar(scale));
      scores.add_(k.matmul(queries).gather(3, index.transpose(2, 3)).transpose(2, 3));
    }
  }

  /**
   * What a score that shall not count becomes: finite, so that a row of padding, of which none
   * counts, comes to the mean of all as it does in the reference.
   */
  private static double lowest(Tensor scores) {
    return switch (scores.scalar_type().intern()) {
      case Half -> -65504;
      case BFloat16 -> -0x1.fep127;
      default -> -Float.MAX_VALUE;
    };
  }

  /** [b, s, h] to [b, n, s, d] */
  private Tensor split(Tensor x) {
    return x.view(x.size(0), x.size(1), heads, x.size(2) / heads).transpose(1, 2);
  }

  /** [r, h] to [n, d, r], or [b, r, h] to [b, n, d, r] where rows have adapters of their own */
  private Tensor splitPositions(Tensor x) {
    Tensor split = x.unflatten(-1, new long[] {heads, x.size(-1) / heads}); // [..., r, n, d]
    return split.movedim(-3, -1);
  }
}
