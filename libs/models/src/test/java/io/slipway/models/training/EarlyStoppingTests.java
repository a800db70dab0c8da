package io.slipway.models.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class EarlyStoppingTests {

  private static EarlyStopping after(EarlyStopping stopping, double... values) {
    EarlyStopping state = stopping;
    for (double value : values) {
      state = state.after(value);
    }
    return state;
  }

  @Test
  void endsAfterAsManyValidationsWithoutImprovementAsItHasPatience() {
    EarlyStopping losses = EarlyStopping.of(2, 0, false);
    assertThat(after(losses, 1.0, 0.9, 0.95).exhausted()).isFalse();
    assertThat(after(losses, 1.0, 0.9, 0.95, 0.9).exhausted()).isTrue();
    assertThat(after(losses, 1.0, 0.9, 0.95, 0.8).failures()).isZero();
    assertThat(after(EarlyStopping.of(1, 0, true), 0.5, 0.6).exhausted()).isFalse();
    assertThat(after(EarlyStopping.of(1, 0, true), 0.5, 0.4).exhausted()).isTrue();
  }

  @Test
  void improvementsBelowTheThresholdDoNotCountButRaiseTheBar() {
    EarlyStopping state = after(EarlyStopping.of(2, 0.05, true), 0.5, 0.54);
    assertThat(state.failures()).isEqualTo(1);
    assertThat(state.best()).hasValue(0.54);
    assertThat(state.after(0.58).exhausted()).isTrue();
    assertThat(state.after(0.60).failures()).isZero();
  }

  @Test
  void refusesPatienceAndThresholdThatMeanNothing() {
    assertThatThrownBy(() -> EarlyStopping.of(0, 0, true)).hasMessageContaining("patience is 0");
    assertThatThrownBy(() -> EarlyStopping.of(1, Double.NaN, true))
        .hasMessageContaining("threshold is NaN");
  }
}
