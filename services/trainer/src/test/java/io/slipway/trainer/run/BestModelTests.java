package io.slipway.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.finetune.v1.ValidationPoint;
import java.util.List;
import org.junit.jupiter.api.Test;

class BestModelTests {

  private final BestModel best = new BestModel(point(0.8, 0.5), List.of());

  @Test
  void isBeatenByAHigherMacroF1WhateverTheLoss() {
    assertThat(BestModel.isBetter(point(0.81, 0.9), best)).isTrue();
    assertThat(BestModel.isBetter(point(0.79, 0.1), best)).isFalse();
  }

  @Test
  void isBeatenByALowerLossAtTheSameMacroF1() {
    assertThat(BestModel.isBetter(point(0.8, 0.4), best)).isTrue();
    assertThat(BestModel.isBetter(point(0.8, 0.5), best)).isFalse();
    assertThat(BestModel.isBetter(point(0.8, 0.6), best)).isFalse();
  }

  @Test
  void isWhateverComesFirst() {
    assertThat(BestModel.isBetter(point(0, 9), null)).isTrue();
  }

  private static ValidationPoint point(double macroF1, double loss) {
    return ValidationPoint.newBuilder().setMacroF1(macroF1).setLoss(loss).build();
  }
}
