package io.slipway.evaluation.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ClassificationMetricsTests {

  private static final Offset<Double> EXACT = within(1e-12);

  @Test
  void agreesWithNumbersComputedByHand() {
    ConfusionMatrix matrix = new ConfusionMatrix(List.of("a", "b", "c"));
    // a: 3 right, 1 taken for b. b: 2 right, 1 taken for c. c: 4 right, 1 taken for a.
    add(matrix, "a", "a", 3);
    add(matrix, "a", "b", 1);
    add(matrix, "b", "b", 2);
    add(matrix, "b", "c", 1);
    add(matrix, "c", "c", 4);
    add(matrix, "c", "a", 1);

    ClassificationMetrics metrics = ClassificationMetrics.of(matrix);

    assertThat(metrics.accuracy()).isCloseTo(9 / 12.0, EXACT);
    assertThat(metrics.microF1()).isCloseTo(9 / 12.0, EXACT);
    assertThat(metrics.macroPrecision()).isCloseTo((3 / 4.0 + 2 / 3.0 + 4 / 5.0) / 3, EXACT);
    assertThat(metrics.macroRecall()).isCloseTo((3 / 4.0 + 2 / 3.0 + 4 / 5.0) / 3, EXACT);
    assertThat(metrics.macroF1()).isCloseTo((3 / 4.0 + 2 / 3.0 + 4 / 5.0) / 3, EXACT);
    assertThat(metrics.classes())
        .extracting(ClassScore::label, ClassScore::support, ClassScore::predictions)
        .containsExactly(tuple("a", 4L, 4L), tuple("b", 3L, 3L), tuple("c", 5L, 5L));
  }

  @Test
  void countsAClassWithoutSupportThatWasPredictedAndLeavesOutOneThatDoesNotOccur() {
    ConfusionMatrix matrix = new ConfusionMatrix(List.of("a", "b", "c", "d"));
    add(matrix, "a", "a", 3);
    add(matrix, "a", "b", 1);
    add(matrix, "b", "b", 2);
    add(matrix, "b", "c", 1);

    ClassificationMetrics metrics = ClassificationMetrics.of(matrix);

    // Over a, b and c: d is neither true nor predicted anywhere.
    assertThat(metrics.accuracy()).isCloseTo(5 / 7.0, EXACT);
    assertThat(metrics.microF1()).isCloseTo(5 / 7.0, EXACT);
    assertThat(metrics.macroPrecision()).isCloseTo((1 + 2 / 3.0 + 0) / 3, EXACT);
    assertThat(metrics.macroRecall()).isCloseTo((3 / 4.0 + 2 / 3.0 + 0) / 3, EXACT);
    assertThat(metrics.macroF1()).isCloseTo((6 / 7.0 + 2 / 3.0 + 0) / 3, EXACT);
    assertThat(metrics.classes().get(2)).isEqualTo(new ClassScore("c", 0, 0, 0, 0, 1));
    assertThat(metrics.classes().get(3)).isEqualTo(new ClassScore("d", 0, 0, 0, 0, 0));
  }

  @Test
  void givesAClassThatIsNeverPredictedZeroAndNotInfinity() {
    ConfusionMatrix matrix = new ConfusionMatrix(List.of("a", "b"));
    add(matrix, "a", "a", 3);
    add(matrix, "b", "a", 1);

    ClassificationMetrics metrics = ClassificationMetrics.of(matrix);

    assertThat(metrics.classes().get(1)).isEqualTo(new ClassScore("b", 0, 0, 0, 1, 0));
    assertThat(metrics.macroF1()).isCloseTo((6 / 7.0 + 0) / 2, EXACT);
    assertThat(metrics.macroPrecision()).isCloseTo(3 / 8.0, EXACT);
    assertThat(metrics.macroRecall()).isCloseTo(1 / 2.0, EXACT);
  }

  @Test
  void refusesAMatrixWithoutRowsAndUnknownClasses() {
    ConfusionMatrix matrix = new ConfusionMatrix(List.of("a", "b"));

    assertThatThrownBy(() -> ClassificationMetrics.of(matrix)).hasMessageContaining("no rows");
    assertThatThrownBy(() -> matrix.add("a", "z")).hasMessageContaining("'z'");
    assertThatThrownBy(() -> new ConfusionMatrix(List.of("a", "a"))).hasMessageContaining("twice");
  }

  private static void add(ConfusionMatrix matrix, String actual, String predicted, int times) {
    for (int i = 0; i < times; i++) {
      matrix.add(actual, predicted);
    }
  }
}
