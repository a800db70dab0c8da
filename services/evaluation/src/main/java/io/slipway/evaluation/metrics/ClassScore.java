package io.slipway.evaluation.metrics;

/**
 * How well one class was recognised.
 *
 * @param precision share of the rows taken for the class that are of it; 0 when there are none
 * @param recall share of the rows of the class that were taken for it; 0 when there are none
 * @param f1 harmonic mean of both; 0 when both are 0
 * @param support rows of the class
 * @param predictions rows taken for the class
 */
public record ClassScore(
    String label, double precision, double recall, double f1, long support, long predictions) {

  static ClassScore of(String label, long hits, long support, long predictions) {
    return new ClassScore(
        label,
        ratio(hits, predictions),
        ratio(hits, support),
        ratio(2 * hits, support + predictions),
        support,
        predictions);
  }

  /** Whether any row is of the class, or was taken for it. */
  boolean occurs() {
    return support + predictions > 0;
  }

  static double ratio(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }
}
