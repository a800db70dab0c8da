package io.slipway.benchmarks.tuning;

/**
 * A metric on held-out rows beside the same of something that needs no model.
 *
 * @param baseline what that is
 * @param lowerIsBetter as for perplexities
 * @param required whether a trial fails where the baseline is better; else it is only said
 */
record Score(
    String metric,
    double value,
    String baseline,
    double baselineValue,
    boolean lowerIsBetter,
    boolean required) {

  static Score required(String metric, double value, String baseline, double baselineValue) {
    return new Score(metric, value, baseline, baselineValue, false, true);
  }

  /** Beside that of always giving the most frequent label. */
  static Score accuracy(double value, double majority) {
    return required("accuracy", value, "most frequent label", majority);
  }

  static Score shown(String metric, double value, String baseline, double baselineValue) {
    return new Score(metric, value, baseline, baselineValue, false, false);
  }

  static Score perplexity(double value, String baseline, double baselineValue) {
    return new Score("perplexity", value, baseline, baselineValue, true, true);
  }

  boolean beatsBaseline() {
    return lowerIsBetter ? value < baselineValue : value > baselineValue;
  }
}
