package io.slipway.models.architecture.seq2seq;

import io.slipway.models.layers.attention.CausalPass;
import io.slipway.models.layers.attention.PositionBias;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.runtime.ComputeDevice;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * The half of a model that writes. It sees the source only through each layer's keys and values,
 * and whether a target is given whole or grows token by token is a matter of its pass.
 */
interface Decoder {

  /**
   * What the memory and the checks of inputs need to know.
   *
   * @param vocabulary words that a target may consist of
   * @param positions tokens that a target may have; {@link Integer#MAX_VALUE} when there is no
   *     limit
   * @param type of weights and activations
   */
  record Size(
      int layers,
      int vocabulary,
      int positions,
      int heads,
      int headSize,
      ComputeDevice device,
      ScalarType type) {}

  Size size();

  /** What is added to the scores of the target's tokens for each other. */
  @Nullable PositionBias bias();

  /**
   * What a layer looks at of the source.
   *
   * @param encoded [rows, length of the source, features]
   */
  KeyValue source(Forward forward, int layer, Tensor encoded);

  /**
   * States of the target's tokens.
   *
   * @param ids [rows, tokens]
   * @return [rows, tokens, features]
   */
  Tensor states(Forward forward, Tensor ids, CausalPass pass, SourceMemory source);

  /** States [..., features] to scores of what follows [..., vocabulary] */
  Tensor scores(Forward forward, Tensor states);

  /** How a pass looks back: at everything, in all layers alike. */
  default CausalPass.Sights sights(Forward forward) {
    return new CausalPass.Sights(Set.of(CausalPass.UNLIMITED), bias(), forward.training());
  }
}
