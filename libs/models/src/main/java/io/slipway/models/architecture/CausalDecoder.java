package io.slipway.models.architecture;

import io.slipway.models.layers.pass.Forward;
import org.bytedeco.pytorch.Tensor;

/** A model that scores what follows each token of a sequence. Runs on the compute thread only. */
public interface CausalDecoder {

  /**
   * Scores of every position's next token, for training and for scoring given text.
   *
   * @return [rows, length, vocabulary]
   */
  Tensor logits(Forward forward, TokenBatch batch);

  /**
   * Begins sequences that are still empty.
   *
   * @param capacity tokens that a row may come to have
   */
  CausalContinuation begin(int rows, int capacity);
}
