package io.slipway.finetune.job;

import java.util.HashSet;
import java.util.List;

/**
 * What is known of the version that a job starts from.
 *
 * @param version resource name
 * @param task pipeline tag of what it can be tuned for
 * @param maxLength tokens that it can take
 * @param labels of its classification head, by index; empty when it has none
 */
record BaseModel(String version, String task, int maxLength, List<String> labels) {

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
