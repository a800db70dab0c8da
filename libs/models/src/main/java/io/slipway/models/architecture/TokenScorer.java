package io.slipway.models.architecture;

import io.slipway.models.layers.pass.Forward;
import org.bytedeco.pytorch.Tensor;

/**
 * A model that scores each token of a sequence: for every label, for every word of the vocabulary,
 * or as an answer's start and end. Runs on the compute thread only.
 */
@FunctionalInterface
public interface TokenScorer {

  /**
   * Scores before softmax.
   *
   * @return [rows, length, outputs]
   */
  Tensor logits(Forward forward, TokenBatch batch);
}
