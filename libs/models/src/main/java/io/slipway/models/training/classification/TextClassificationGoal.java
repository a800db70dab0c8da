package io.slipway.models.training.classification;

import io.slipway.models.training.BaseModel;
import io.slipway.models.training.Goal;
import io.slipway.models.training.Objective;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;

/**
 * To label texts.
 *
 * @param labels class labels by index
 * @param multiLabel whether any number of labels may hold for a text, or exactly one
 * @param maxLength tokens at most of a text; longer ones are cut, and the model's own limit applies
 *     too
 * @param replaceHead whether a checkpoint's head for other labels may be replaced by a fresh one
 * @param classWeights how much each label counts in the loss, empty for all the same
 */
public record TextClassificationGoal(
    List<String> labels,
    boolean multiLabel,
    int maxLength,
    boolean replaceHead,
    List<Double> classWeights)
    implements Goal<LabelledText> {

  public TextClassificationGoal {
    labels = List.copyOf(labels);
    classWeights = List.copyOf(classWeights);
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
    checkWeights(classWeights, labels);
  }

  /** All labels count the same. */
  public TextClassificationGoal(
      List<String> labels, boolean multiLabel, int maxLength, boolean replaceHead) {
    this(labels, multiLabel, maxLength, replaceHead, List.of());
  }

  static void checkWeights(List<Double> weights, List<String> labels) {
    if (!weights.isEmpty() && weights.size() != labels.size()) {
      throw new IllegalArgumentException(
          "there are %d class weights, expected one for each of the %d labels"
              .formatted(weights.size(), labels.size()));
    }
    for (double weight : weights) {
      if (!(weight > 0) || Double.isInfinite(weight)) {
        throw new IllegalArgumentException("a class weight is " + weight + ", expected above 0");
      }
    }
  }

  @Override
  public Objective<LabelledText, ?> begin(BaseModel base) throws IOException, InterruptedException {
    if (multiLabel && base.settings().labelSmoothing() > 0) {
      throw new IllegalArgumentException(
          "labelSmoothing is %s, but there is none where several labels may hold"
              .formatted(base.settings().labelSmoothing()));
    }
    return TextClassificationObjective.begin(this, base);
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
