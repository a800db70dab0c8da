package io.slipway.models.architecture.seq2seq;

import io.slipway.models.layers.LayerNorm;
import io.slipway.models.layers.Linear;
import io.slipway.models.layers.Weights;
import io.slipway.models.layers.mlp.Activation;
import io.slipway.models.layers.pass.Forward;
import org.bytedeco.pytorch.Tensor;

/** The end of a layer of BART or Marian: wide, active, narrow, and a norm after the residual. */
final class FeedForward {

  private final Linear wide;
  private final Linear narrow;
  private final LayerNorm norm;
  private final Activation activation;
  private final double dropout;
  private final double activationDropout;

  FeedForward(Weights weights, String prefix, PostNormConfig.Half config) {
    this.wide = new Linear(weights, prefix + "fc1", config.dModel(), config.ffnDim());
    this.narrow = new Linear(weights, prefix + "fc2", config.ffnDim(), config.dModel());
    this.norm = PostNormDecoder.norm(weights, prefix + "final_layer_norm", config);
    this.activation = config.activation();
    this.dropout = config.dropout();
    this.activationDropout = config.activationDropout();
  }

  /** [b, s, h] to the same shape */
  Tensor apply(Forward forward, Tensor x) {
    Tensor middle =
        forward.dropout(activation.of(forward, wide, x), activationDropout); // [b, s, ffn]
    return norm.apply(x.add(forward.dropout(narrow.apply(forward, middle), dropout)));
  }
}
