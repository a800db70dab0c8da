package io.slipway.finetune.job;

import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;

/**
 * What is known of the version that a job starts from.
 *
 * @param version resource name
 * @param maxLength tokens that it can take; empty for any number
 * @param labels of its head for the task, by index; empty when it has none
 * @param sourcePrefix what it wants before each text for the task
 */
record BaseModel(String version, OptionalInt maxLength, List<String> labels, String sourcePrefix) {

  BaseModel {
    labels = List.copyOf(labels);
  }

  /** {@code namespace/model} of {@code models/{namespace}/{model}/versions/{n}}. */
  String modelId() {
    String[] parts = version.split("/", -1);
    return parts.length >= 3 ? parts[1] + "/" + parts[2] : version;
  }

  /**
   * The result's labels, by index: the base's own order where it knows the same ones, so that its
   * head goes on being trained.
   *
   * @param datasetLabels in the dataset's order
   */
  List<String> labelsFor(List<String> datasetLabels) {
    boolean same =
        labels.size() == datasetLabels.size()
            && new HashSet<>(labels).equals(new HashSet<>(datasetLabels));
    return same ? labels : datasetLabels;
  }
}
