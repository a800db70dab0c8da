package io.slipway.models.task;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.modelfiles.ProblemType;
import java.util.Optional;

/** From a classifier's outputs to scores. */
public enum ScoreFunction {
  /** Scores of all labels sum to one. */
  SOFTMAX,
  /** Each label's score stands for itself, between zero and one. */
  SIGMOID,
  /** The outputs as they are. */
  NONE;

  /**
   * What a model's configuration asks for, as the reference's pipeline decides it: its problem
   * type, else the number of its labels.
   */
  public static ScoreFunction of(ModelConfig config) {
    ProblemType byLabels =
        config.labels().size() == 1
            ? ProblemType.MULTI_LABEL_CLASSIFICATION
            : ProblemType.SINGLE_LABEL_CLASSIFICATION;
    return switch (config.problemType().orElse(byLabels)) {
      case REGRESSION -> NONE;
      case MULTI_LABEL_CLASSIFICATION -> SIGMOID;
      case SINGLE_LABEL_CLASSIFICATION -> config.labels().size() == 1 ? SIGMOID : SOFTMAX;
    };
  }

  /** Likewise for a classifier of images, whose pipeline knows no regression. */
  public static ScoreFunction ofImages(ModelConfig config) {
    return config.problemType().equals(Optional.of(ProblemType.MULTI_LABEL_CLASSIFICATION))
            || config.labels().size() == 1
        ? SIGMOID
        : SOFTMAX;
  }

  /** Scores of one row of outputs. */
  public double[] apply(float[] logits) {
    double[] scores = new double[logits.length];
    switch (this) {
      case SOFTMAX -> {
        double max = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
          max = Math.max(max, logit);
        }
        double sum = 0;
        for (int i = 0; i < scores.length; i++) {
          scores[i] = Math.exp(logits[i] - max);
          sum += scores[i];
        }
        for (int i = 0; i < scores.length; i++) {
          scores[i] /= sum;
        }
      }
      case SIGMOID -> {
        for (int i = 0; i < scores.length; i++) {
          scores[i] = 1 / (1 + Math.exp(-logits[i]));
        }
      }
      case NONE -> {
        for (int i = 0; i < scores.length; i++) {
          scores[i] = logits[i];
        }
      }
    }
    return scores;
  }
}
