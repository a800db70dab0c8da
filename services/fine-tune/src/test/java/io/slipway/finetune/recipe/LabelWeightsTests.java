package io.slipway.finetune.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.finetune.v1.ClassWeights;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LabelWeightsTests {

  private static final List<String> LABELS = List.of("rare", "frequent");
  private static final Map<String, Long> ROWS = Map.of("frequent", 90L, "rare", 10L);

  private static List<Double> weights(ClassWeights.Builder asked) {
    return LabelWeights.of(asked.build(), LABELS, ROWS);
  }

  @Test
  void balancesByTheRowsOfEachLabel() {
    List<Double> weights = weights(ClassWeights.newBuilder().setBalanced(true));

    assertThat(weights).containsExactly(100.0 / (2 * 10), 100.0 / (2 * 90));
  }

  @Test
  void takesThoseThatAreGivenAndOneForTheOthers() {
    assertThat(weights(ClassWeights.newBuilder().putWeights("rare", 3))).containsExactly(3.0, 1.0);
  }

  @Test
  void namesALabelThatThereIsNot() {
    assertThatThrownBy(() -> weights(ClassWeights.newBuilder().putWeights("often", 2)))
        .hasMessageContaining("class_weights.weights is for \"often\"")
        .hasMessageContaining("[rare, frequent]");
  }

  @Test
  void refusesWeightsThatAreNoneAndTwoKindsAtOnce() {
    assertThatThrownBy(() -> weights(ClassWeights.newBuilder().putWeights("rare", 0)))
        .hasMessageContaining("class_weights.weights[rare] is 0.0");
    assertThatThrownBy(() -> weights(ClassWeights.newBuilder()))
        .hasMessageContaining("class_weights is empty");
    assertThatThrownBy(
            () -> weights(ClassWeights.newBuilder().setBalanced(true).putWeights("rare", 2)))
        .hasMessageContaining("both balanced and {rare=2.0}");
  }
}
