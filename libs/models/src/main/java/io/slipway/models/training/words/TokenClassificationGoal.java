package io.slipway.models.training.words;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.models.training.BaseModel;
import io.slipway.models.training.Goal;
import io.slipway.models.training.Objective;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;

/**
 * To label each word of a text. The loss and the metrics are those of each word's first token, as
 * in the reference's examples; words beyond the limit do not count.
 *
 * @param labels by index; those that begin with {@code B-} and {@code I-} mark entities
 * @param maxLength tokens at most of a text; the model's own limit applies too
 * @param replaceHead whether a checkpoint's head for other labels may be replaced by a fresh one
 * @param classWeights how much each label counts in the loss, empty for all the same
 */
public record TokenClassificationGoal(
    List<String> labels, int maxLength, boolean replaceHead, List<Double> classWeights)
    implements Goal<LabelledWords> {

  public TokenClassificationGoal {
    labels = List.copyOf(labels);
    classWeights = List.copyOf(classWeights);
    if (labels.size() < 2 || new HashSet<>(labels).size() != labels.size()) {
      throw new IllegalArgumentException(
          "labels are " + labels + ", expected at least two, and each only once");
    }
    if (maxLength < 1) {
      throw new IllegalArgumentException("maxLength is " + maxLength + ", expected at least 1");
    }
    if (!classWeights.isEmpty() && classWeights.size() != labels.size()) {
      throw new IllegalArgumentException(
          "there are %d class weights, expected one for each of the %d labels"
              .formatted(classWeights.size(), labels.size()));
    }
    for (double weight : classWeights) {
      if (!(weight > 0) || Double.isInfinite(weight)) {
        throw new IllegalArgumentException("a class weight is " + weight + ", expected above 0");
      }
    }
  }

  /** All labels count the same. */
  public TokenClassificationGoal(List<String> labels, int maxLength, boolean replaceHead) {
    this(labels, maxLength, replaceHead, List.of());
  }

  @Override
  public Objective<LabelledWords, ?> begin(BaseModel base)
      throws IOException, InterruptedException {
    return TokenClassificationObjective.begin(this, base);
  }

  ModelConfig configuration(ModelConfig base) {
    return base.labelled(labels);
  }

  void check(LabelledWords row) {
    if (row.words().isEmpty() || row.words().size() != row.labels().size()) {
      throw new IllegalArgumentException(
          "a row has %d words and %d labels, expected as many of both, and at least one"
              .formatted(row.words().size(), row.labels().size()));
    }
    for (int label : row.labels()) {
      if (label < 0 || label >= labels.size()) {
        throw new IllegalArgumentException(
            "a row has label %d, expected 0 to %d".formatted(label, labels.size() - 1));
      }
    }
  }
}
