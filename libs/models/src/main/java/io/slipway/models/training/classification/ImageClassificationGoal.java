package io.slipway.models.training.classification;

import io.slipway.models.training.BaseModel;
import io.slipway.models.training.Goal;
import io.slipway.models.training.Objective;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;

/**
 * To label images, which the checkpoint's preprocessor_config.json tells how to prepare.
 *
 * @param labels class labels by index
 * @param replaceHead whether a checkpoint's head for other labels may be replaced by a fresh one
 * @param classWeights how much each label counts in the loss, empty for all the same
 */
public record ImageClassificationGoal(
    List<String> labels, boolean replaceHead, List<Double> classWeights)
    implements Goal<LabelledImage> {

  public ImageClassificationGoal {
    labels = List.copyOf(labels);
    classWeights = List.copyOf(classWeights);
    if (labels.size() < 2 || new HashSet<>(labels).size() != labels.size()) {
      throw new IllegalArgumentException(
          "labels are " + labels + ", expected at least two classes, and each only once");
    }
    TextClassificationGoal.checkWeights(classWeights, labels);
  }

  /** All labels count the same. */
  public ImageClassificationGoal(List<String> labels, boolean replaceHead) {
    this(labels, replaceHead, List.of());
  }

  @Override
  public Objective<LabelledImage, ?> begin(BaseModel base)
      throws IOException, InterruptedException {
    return ImageClassificationObjective.begin(this, base);
  }

  void check(LabelledImage row) {
    if (row.label() < 0 || row.label() >= labels.size()) {
      throw new IllegalArgumentException(
          "a row has label %d, expected 0 to %d".formatted(row.label(), labels.size() - 1));
    }
  }
}
