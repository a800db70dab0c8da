package io.slipway.models.architecture.seq2seq;

import io.slipway.models.layers.Forward;
import org.bytedeco.pytorch.Tensor;

/**
 * The half of a model that writes. It sees the source only through each layer's keys and values,
 * and whether a target is given whole or grows token by token is a matter of its {@link
 * DecoderMemory}.
 */
interface Decoder {

  int layers();

  /** Number of words that a target may consist of. */
  int vocabulary();

  /** Tokens that a target may have; {@link Integer#MAX_VALUE} when there is no limit. */
  int positions();

  /**
   * What a layer looks at of the source.
   *
   * @param encoded [rows, length of the source, features]
   */
  KeyValue source(Forward forward, int layer, Tensor encoded);

  /** States of the target's tokens: [rows, tokens, features] */
  Tensor states(Forward forward, TargetTokens tokens, DecoderMemory memory);

  /** States [..., features] to scores of what follows [..., vocabulary] */
  Tensor scores(Forward forward, Tensor states);
}
