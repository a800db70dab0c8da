package io.slipway.models.architecture.decoder;

import io.slipway.models.layers.attention.CausalPass;
import io.slipway.models.layers.attention.Rotation;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.runtime.Scope;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A block that normalises before attention and before its feed-forward part.
 *
 * @param dropout of what is added to the residual
 */
record PreNormLayer(
    UnaryOperator<Tensor> attentionNorm,
    DecoderAttention attention,
    UnaryOperator<Tensor> feedForwardNorm,
    FeedForward feedForward,
    double dropout)
    implements DecoderLayer {

  /** The part of a block that treats each token alone: [b, s, h] to the same shape. */
  @FunctionalInterface
  interface FeedForward {

    Tensor apply(Forward forward, Tensor x);
  }

  @Override
  public Tensor apply(Forward forward, Tensor x, CausalPass pass, @Nullable Rotation rotation) {
    Tensor attended =
        Scope.result(() -> attention.apply(forward, attentionNorm.apply(x), pass, rotation));
    Tensor middle = forward.dropout(attended, dropout).add_(x);
    Tensor fed = feedForward.apply(forward, feedForwardNorm.apply(middle));
    return forward.dropout(fed, dropout).add_(middle);
  }
}
