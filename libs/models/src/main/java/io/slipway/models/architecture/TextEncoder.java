package io.slipway.models.architecture;

import io.slipway.models.layers.pass.Forward;
import org.bytedeco.pytorch.Tensor;

/** A model that gives a state to every token. Runs on the compute thread only. */
@FunctionalInterface
public interface TextEncoder {

  /** Tokens that go through a model together in inference; more rows go in groups. */
  int TOKENS_AT_ONCE = 2048;

  /**
   * States of the last layer, from one pass of all rows.
   *
   * @return [rows, length, hidden]
   */
  Tensor pass(Forward forward, TokenBatch batch);

  /**
   * States of the last layer.
   *
   * @return [rows, length, hidden]
   */
  default Tensor encode(Forward forward, TokenBatch batch) {
    int together = Math.max(1, TOKENS_AT_ONCE / batch.length());
    return forward.training() || batch.rows() <= together
        ? pass(forward, batch)
        : forward.inGroups(
            batch.rows(), together, (group, first, count) -> pass(group, batch.part(first, count)));
  }
}
