package io.slipway.models.training;

import java.util.List;

/**
 * A validation in the making.
 *
 * @param <X> an example
 */
public interface Measurement<X> {

  /**
   * Prepares a batch.
   *
   * @return what then runs on the compute thread, with gradients off, and counts the batch in
   */
  Runnable prepare(List<X> batch);

  /**
   * The outcome.
   *
   * @param rows how many were measured
   */
  Validation result(int rows);
}
