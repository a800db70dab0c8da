package io.slipway.models.architecture.encoder;

import io.slipway.models.layers.Activation;
import io.slipway.models.layers.Forward;
import io.slipway.models.layers.LayerNorm;
import io.slipway.models.layers.Linear;
import org.bytedeco.pytorch.Tensor;

/**
 * Scores of all words for each token: a dense layer, an activation and a normalisation, then the
 * output layer, which mostly shares the weight of the word embeddings.
 */
record MaskedLmHead(Linear dense, Activation activation, LayerNorm norm, Linear decoder) {

  /** [b, s, h] to [b, s, vocabulary] */
  Tensor apply(Forward forward, Tensor states) {
    return decoder.apply(forward, norm.apply(activation.apply(dense.apply(forward, states))));
  }
}
