package io.slipway.models.training;

import java.util.List;

/** What a run minimises. */
@FunctionalInterface
interface Objective<E> {

  /** Turns rows into a batch; called on the thread that drives the run. */
  BatchLoss prepare(List<E> rows);
}
