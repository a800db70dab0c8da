package io.slipway.models.architecture;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.models.layers.WeightNames;
import io.slipway.models.layers.Weights;
import java.util.function.Predicate;

/**
 * An architecture with a head for sequence classification.
 *
 * @param className the reference's class, as config.json names it
 * @param head names of the weights that depend on the labels
 * @param beforeHead names of weights that a checkpoint made for another task may lack, and that
 *     then begin fresh too
 */
record ClassifierArchitecture(
    String className,
    WeightNames names,
    Builder builder,
    Predicate<String> head,
    Predicate<String> beforeHead) {

  /** Builds the model from its configuration and weights. */
  @FunctionalInterface
  interface Builder {

    SequenceClassifier build(ModelConfig config, Weights weights, int labels);
  }
}
