package io.slipway.models.training;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.models.training.run.Batch;
import java.util.List;

/**
 * What a run minimises, and how its success is measured. Used by the thread that drives the run;
 * what runs on the compute thread is said so.
 *
 * @param <E> a row as users have it
 * @param <X> an example as steps take it; a row may give several, or a part of one
 */
public interface Objective<E, X> {

  /**
   * Turns rows into examples.
   *
   * @throws IllegalArgumentException naming what is wrong with a row
   */
  List<X> examples(List<E> rows);

  /** Turns examples into a batch. */
  Batch batch(List<X> examples);

  /** A measure of an example's length, so that similar ones can be measured together. */
  int length(X example);

  /** Begins to measure. */
  Measurement<X> measurement();

  /**
   * The configuration of the trained model.
   *
   * @param base of the model as it was
   */
  ModelConfig configuration(ModelConfig base);
}
