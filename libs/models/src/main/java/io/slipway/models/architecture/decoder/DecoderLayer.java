package io.slipway.models.architecture.decoder;

import io.slipway.models.layers.attention.CausalPass;
import io.slipway.models.layers.attention.Rotation;
import io.slipway.models.layers.pass.Forward;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** One block of a decoder. */
@FunctionalInterface
interface DecoderLayer {

  /**
   * [b, s, h] to the same shape
   *
   * @param rotation of the pass, or null for architectures that do not rotate
   */
  Tensor apply(Forward forward, Tensor x, CausalPass pass, @Nullable Rotation rotation);
}
