package io.slipway.models.task.features;

import java.util.Arrays;

/** How the states of a text's tokens become one vector, in the words of sentence-transformers. */
public enum Pooling {
  /** The first token's state. */
  CLS("cls_token", "cls"),
  /** The greatest value of each dimension. */
  MAX("max_tokens", "max"),
  MEAN("mean_tokens", "mean"),
  /** The sum, divided by the square root of the number of tokens. */
  MEAN_SQRT_LEN("mean_sqrt_len_tokens", "mean_sqrt_len_tokens"),
  /** The mean with weights that grow with the position: 1, 2, 3 and so on. */
  WEIGHTED_MEAN("weightedmean_tokens", "weightedmean"),
  /** The last token's state. */
  LAST_TOKEN("lasttoken", "lasttoken");

  private final String option;
  private final String mode;

  Pooling(String option, String mode) {
    this.option = option;
    this.mode = mode;
  }

  /** The field of 1_Pooling/config.json that turns it on. */
  String option() {
    return "pooling_mode_" + option;
  }

  /** Its name where the file has one field for all modes. */
  String mode() {
    return mode;
  }

  /**
   * Pools states.
   *
   * @param states [tokens, hidden]
   * @param from the first token that counts
   * @return [hidden]
   */
  float[] of(float[][] states, int from) {
    int hidden = states[0].length;
    return switch (this) {
      case CLS -> states[from].clone();
      case LAST_TOKEN -> states[states.length - 1].clone();
      case MAX -> {
        float[] max = new float[hidden];
        Arrays.fill(max, Float.NEGATIVE_INFINITY);
        for (int i = from; i < states.length; i++) {
          for (int j = 0; j < hidden; j++) {
            max[j] = Math.max(max[j], states[i][j]);
          }
        }
        yield max;
      }
      case MEAN -> sum(states, from, false, states.length - from);
      case MEAN_SQRT_LEN -> sum(states, from, false, Math.sqrt(states.length - from));
      case WEIGHTED_MEAN -> {
        double weights = 0;
        for (int i = from; i < states.length; i++) {
          weights += i + 1;
        }
        yield sum(states, from, true, weights);
      }
    };
  }

  private static float[] sum(float[][] states, int from, boolean weighted, double divisor) {
    double[] sum = new double[states[0].length];
    for (int i = from; i < states.length; i++) {
      for (int j = 0; j < sum.length; j++) {
        sum[j] += states[i][j] * (weighted ? i + 1.0 : 1.0);
      }
    }
    float[] result = new float[sum.length];
    for (int j = 0; j < result.length; j++) {
      result[j] = (float) (sum[j] / divisor);
    }
    return result;
  }
}
