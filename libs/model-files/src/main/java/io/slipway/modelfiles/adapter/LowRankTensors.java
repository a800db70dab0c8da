package io.slipway.modelfiles.adapter;

import io.slipway.modelfiles.safetensors.TensorView;

/**
 * What an adapter adds to a linear layer: scale * B A x.
 *
 * @param module the layer's path, such as {@code bert.encoder.layer.0.attention.self.query}
 * @param a [rank, inputs]
 * @param b [outputs, rank]
 */
public record LowRankTensors(String module, TensorView a, TensorView b, double scale) {

  public long rank() {
    return a.shape().getFirst();
  }
}
