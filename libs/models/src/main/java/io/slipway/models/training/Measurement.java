package io.slipway.models.training;

import io.slipway.models.layers.pass.Forward;
import java.util.List;
import java.util.function.Consumer;

/**
 * A validation in the making.
 *
 * @param <X> an example
 */
public interface Measurement<X> {

  /**
   * Prepares a batch.
   *
   * @return what then runs on the compute thread, with gradients off, and counts the batch in;
   *     given the pass through the model that is measured
   */
  Consumer<Forward> prepare(List<X> batch);

  /**
   * The outcome.
   *
   * @param rows how many were measured
   */
  Validation result(int rows);
}
