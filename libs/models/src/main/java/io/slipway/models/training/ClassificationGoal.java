package io.slipway.models.training;

import java.util.HashSet;
import java.util.List;

/**
 * What a classifier shall be able to do in the end.
 *
 * @param labels class labels by index
 * @param multiLabel whether any number of labels may hold for a text, or exactly one
 * @param maxLength tokens at most of a text; longer ones are cut, and the model's own limit applies
 *     too
 * @param replaceHead whether a checkpoint's head for other labels may be replaced by a fresh one
 */
public record ClassificationGoal(
    List<String> labels, boolean multiLabel, int maxLength, boolean replaceHead) {

  public ClassificationGoal {
    labels = List.copyOf(labels);
    if (labels.size() < (multiLabel ? 1 : 2)) {
      throw new IllegalArgumentException(
          "labels are " + labels + ", expected at least two classes");
    }
    if (new HashSet<>(labels).size() != labels.size()) {
      throw new IllegalArgumentException("labels are " + labels + ", expected each only once");
    }
    if (maxLength < 1) {
      throw new IllegalArgumentException("maxLength is " + maxLength + ", expected at least 1");
    }
  }

  void check(List<LabelledText> rows) {
    for (LabelledText row : rows) {
      if (!multiLabel && row.labels().size() != 1) {
        throw new IllegalArgumentException(
            "a row has the labels %s, expected exactly one".formatted(row.labels()));
      }
      for (int label : row.labels()) {
        if (label < 0 || label >= labels.size()) {
          throw new IllegalArgumentException(
              "a row has label %d, expected 0 to %d".formatted(label, labels.size() - 1));
        }
      }
    }
  }
}
