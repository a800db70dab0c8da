package io.slipway.models.training.classification;

import io.slipway.models.training.Validation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counts a validation of values, row by row; all values of a row count alike. */
final class RegressionTally {

  private int values;
  private double squares;
  private double absolutes;
  private double sumPredicted;
  private double sumActual;
  private double sumPredictedSquares;
  private double sumActualSquares;
  private double sumProducts;

  void add(float[] predicted, List<Double> actual) {
    for (int i = 0; i < predicted.length; i++) {
      double p = predicted[i];
      double a = actual.get(i);
      values++;
      squares += (p - a) * (p - a);
      absolutes += Math.abs(p - a);
      sumPredicted += p;
      sumActual += a;
      sumPredictedSquares += p * p;
      sumActualSquares += a * a;
      sumProducts += p * a;
    }
  }

  Validation result(int rows) {
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("mse", squares / values);
    metrics.put("mae", absolutes / values);
    metrics.put("pearson", pearson());
    return new Validation(rows, squares / values, metrics);
  }

  /** 0 where one side is constant. */
  private double pearson() {
    double covariance = sumProducts - sumPredicted * sumActual / values;
    double predicted = sumPredictedSquares - sumPredicted * sumPredicted / values;
    double actual = sumActualSquares - sumActual * sumActual / values;
    return predicted <= 0 || actual <= 0 ? 0 : covariance / Math.sqrt(predicted * actual);
  }
}
