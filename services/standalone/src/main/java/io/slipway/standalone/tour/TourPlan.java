package io.slipway.standalone.tour;

import io.slipway.dataset.v1.ColumnMapping;
import io.slipway.finetune.v1.Hyperparameters;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a tour works with.
 *
 * @param modelId id of the model on the hub
 * @param training the labelled file to tune on
 * @param leastAccuracy what the tuned model must reach for its step to hold
 * @param heldOut a labelled file of its own to evaluate on; without one, the test part of the
 *     training file is used
 */
record TourPlan(
    String modelId,
    LabelledFile training,
    Optional<LabelledFile> heldOut,
    Hyperparameters hyperparameters,
    String outputModelId,
    String endpointId,
    double leastAccuracy) {

  /** A dataset file and the parts that its columns play. */
  record LabelledFile(Path path, String contentType, ColumnMapping columns) {}
}
