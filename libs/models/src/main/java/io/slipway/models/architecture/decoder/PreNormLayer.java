package io.slipway.models.architecture.decoder;

import io.slipway.models.layers.Residual;
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

  /** The part of a block that treats each token alone. */
  @FunctionalInterface
  interface FeedForward {

    /** [b, s, h] to the same shape, added to a residual */
    Tensor apply(Forward forward, Tensor x, Residual residual);
  }

  @Override
  public Tensor apply(Forward forward, Tensor x, CausalPass pass, @Nullable Rotation rotation) {
    Residual before = new Residual(x, dropout);
    Tensor middle =
        Scope.result(
            () -> attention.apply(forward, attentionNorm.apply(x), pass, rotation, before));
    Residual between = new Residual(middle, dropout);
    return feedForward.apply(forward, feedForwardNorm.apply(middle), between);
  }
}
