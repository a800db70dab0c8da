package io.slipway.trainer.run;

import io.slipway.finetune.v1.ValidationPoint;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** What tells the better of two validations. */
enum BestMetric {
  MACRO_F1("macro_f1", true, ValidationPoint::getMacroF1),
  ACCURACY("accuracy", true, ValidationPoint::getAccuracy),
  LOSS("loss", false, ValidationPoint::getLoss);

  private final String apiName;
  private final boolean higherIsBetter;
  private final ToDoubleFunction<ValidationPoint> value;

  BestMetric(String apiName, boolean higherIsBetter, ToDoubleFunction<ValidationPoint> value) {
    this.apiName = apiName;
    this.higherIsBetter = higherIsBetter;
    this.value = value;
  }

  /** The metric of a plan; plans that do not name one mean macro F1. */
  static BestMetric named(String name) {
    return Arrays.stream(values())
        .filter(metric -> metric.apiName.equals(name.isEmpty() ? MACRO_F1.apiName : name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "metric_for_best_model is \"%s\", expected one of %s"
                        .formatted(
                            name,
                            Arrays.stream(values())
                                .map(metric -> metric.apiName)
                                .collect(Collectors.joining(", ")))));
  }

  boolean higherIsBetter() {
    return higherIsBetter;
  }

  double of(ValidationPoint point) {
    return value.applyAsDouble(point);
  }

  /** Of equals, the one with the lower loss is better. */
  boolean isBetter(ValidationPoint candidate, ValidationPoint than) {
    int byMetric = Double.compare(of(candidate), of(than));
    int towardsBetter = higherIsBetter ? byMetric : -byMetric;
    return towardsBetter > 0 || (towardsBetter == 0 && candidate.getLoss() < than.getLoss());
  }
}
