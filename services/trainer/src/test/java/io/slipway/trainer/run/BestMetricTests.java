package io.slipway.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.finetune.v1.ValidationPoint;
import java.util.List;
import org.junit.jupiter.api.Test;

class BestMetricTests {

  private final ValidationPoint best = point(0.8, 0.5);

  @Test
  void isMacroF1WhateverTheLossUnlessThePlanSaysOtherwise() {
    BestMetric metric = BestMetric.named("");

    assertThat(metric.isBetter(point(0.81, 0.9), best)).isTrue();
    assertThat(metric.isBetter(point(0.79, 0.1), best)).isFalse();
  }

  @Test
  void decidesByTheLowerLossAmongEquals() {
    BestMetric metric = BestMetric.named("macro_f1");

    assertThat(metric.isBetter(point(0.8, 0.4), best)).isTrue();
    assertThat(metric.isBetter(point(0.8, 0.5), best)).isFalse();
    assertThat(metric.isBetter(point(0.8, 0.6), best)).isFalse();
  }

  @Test
  void isBetterWhenALossIsLower() {
    BestMetric metric = BestMetric.named("loss");

    assertThat(metric.isBetter(point(0.1, 0.4), best)).isTrue();
    assertThat(metric.isBetter(point(0.9, 0.6), best)).isFalse();
  }

  @Test
  void isWhatTheTaskIsMeasuredBy() {
    ValidationPoint worse = measured("exact_match", 0.2);
    ValidationPoint better = measured("exact_match", 0.3);

    assertThat(BestMetric.named("exact_match").isBetter(better, worse)).isTrue();
    assertThat(BestMetric.named("mae").isBetter(measured("mae", 0.2), measured("mae", 0.3)))
        .isTrue();
    assertThatThrownBy(() -> BestMetric.named("rougeL").isBetter(better, worse))
        .hasMessageContaining("\"rougeL\"")
        .hasMessageContaining("[exact_match]");
  }

  private static ValidationPoint measured(String metric, double value) {
    return ValidationPoint.newBuilder().putMetrics(metric, value).build();
  }

  @Test
  void isRefusedWhenThereIsNone() {
    assertThatThrownBy(() -> BestMetric.named("bleu"))
        .hasMessageContaining("\"bleu\"")
        .hasMessageContaining("macro_f1, accuracy, f1");
  }

  @Test
  void letsAnythingBeatAModelThatWasNotValidated() {
    assertThat(new BestModel(null, List.of()).isBeatenBy(point(0, 9), BestMetric.named("macro_f1")))
        .isTrue();
  }

  private static ValidationPoint point(double macroF1, double loss) {
    return ValidationPoint.newBuilder().setMacroF1(macroF1).setLoss(loss).build();
  }
}
