package io.slipway.models.architecture;

import io.slipway.models.layers.pass.Forward;
import org.bytedeco.pytorch.Tensor;

/** A model that reads one text and writes another. Runs on the compute thread only. */
public interface EncoderDecoder {

  /**
   * Scores of every target position's next token, for training and for scoring given text.
   *
   * @param target begins with the decoder's start token
   * @return [rows, length of the target, vocabulary]
   */
  Tensor logits(Forward forward, TokenBatch source, TokenBatch target);

  /**
   * Reads the sources and begins their targets, which are still empty: the first token of each is
   * the decoder's start token.
   *
   * @param capacity tokens that a target may come to have
   */
  Continuation begin(Forward forward, TokenBatch source, int capacity);
}
