package io.slipway.models.training.classification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import io.slipway.models.training.Validation;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClassificationTallyTests {

  @Test
  void countsExactRowsAndTheMeanF1OfLabelsThatOccur() {
    ClassificationTally tally = new ClassificationTally(4, false);
    tally.add(new float[] {2, 0, 0, 0}, List.of(0));
    tally.add(new float[] {2, 0, 0, 0}, List.of(1));
    tally.add(new float[] {0, 2, 0, 0}, List.of(1));
    tally.add(new float[] {0, 0, 2, 0}, List.of(2));
    Validation result = tally.result();
    assertThat(result.metric("accuracy")).isEqualTo(0.75);
    // F1 of labels 0, 1, 2: 2/3, 2/3, 1; label 3 neither occurs nor is predicted.
    assertThat(result.metric("macro_f1")).isCloseTo((2.0 / 3 + 2.0 / 3 + 1) / 3, offset(1e-12));
    double right = Math.log(Math.exp(2) + 3) - 2;
    assertThat(result.loss()).isCloseTo((4 * right + 2) / 4, offset(1e-9));
  }

  @Test
  void judgesEachLabelForItselfWhenSeveralMayHold() {
    ClassificationTally tally = new ClassificationTally(2, true);
    tally.add(new float[] {3, -3}, List.of(0));
    tally.add(new float[] {3, 3}, List.of(0));
    Validation result = tally.result();
    assertThat(result.metric("accuracy")).isEqualTo(0.5);
    assertThat(result.metric("macro_f1")).isCloseTo(0.5, offset(1e-12));
    double right = Math.log1p(Math.exp(-3));
    assertThat(result.loss()).isCloseTo((right + (right + right + 3) / 2) / 2, offset(1e-9));
  }
}
