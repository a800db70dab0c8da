package io.slipway.models.architecture.decoder;

import io.slipway.models.layers.Linear;
import io.slipway.models.layers.Residual;
import io.slipway.models.layers.attention.CausalAttention;
import io.slipway.models.layers.attention.CausalAttention.Heads;
import io.slipway.models.layers.attention.CausalPass;
import io.slipway.models.layers.attention.Rotation;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.runtime.Scope;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** An attention layer: projections, rotation, attention to what came before, output. */
record DecoderAttention(QueryKeyValue projections, CausalAttention attention, Linear output) {

  /** [b, s, h] to the same shape */
  Tensor apply(Forward forward, Tensor x, CausalPass pass, @Nullable Rotation rotation) {
    return Scope.result(
        () -> {
          Tensor context = Scope.result(() -> context(forward, x, pass, rotation));
          return output.apply(forward, context);
        });
  }

  /** [b, s, h], added to a residual. */
  Tensor apply(
      Forward forward, Tensor x, CausalPass pass, @Nullable Rotation rotation, Residual residual) {
    return Scope.result(
        () -> {
          Tensor context = Scope.result(() -> context(forward, x, pass, rotation));
          return residual.plus(forward, output, context);
        });
  }

  private Tensor context(Forward forward, Tensor x, CausalPass pass, @Nullable Rotation rotation) {
    Heads heads = projections.apply(forward, x);
    return attention.apply(forward, heads, rotation, pass);
  }
}
