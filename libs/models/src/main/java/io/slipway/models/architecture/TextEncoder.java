package io.slipway.models.architecture;

import io.slipway.models.layers.Forward;
import org.bytedeco.pytorch.Tensor;

/** A model that gives a state to every token. Runs on the compute thread only. */
@FunctionalInterface
public interface TextEncoder {

  /**
   * States of the last layer.
   *
   * @return [rows, length, hidden]
   */
  Tensor encode(Forward forward, TokenBatch batch);
}
