package io.slipway.models.training;

import java.io.IOException;

/**
 * What a model shall be able to do in the end: its task, its labels, how its rows are read. A plain
 * record, equal to another one of the same content.
 *
 * @param <E> a row to learn from or to validate on
 */
public interface Goal<E> {

  /**
   * Begins to train a base for this goal.
   *
   * @param base which owns everything that is loaded through it
   * @throws io.slipway.modelfiles.ModelFilesException when the base cannot be trained for it
   */
  Objective<E, ?> begin(BaseModel base) throws IOException, InterruptedException;
}
