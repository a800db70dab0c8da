package io.slipway.benchmarks.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.benchmarks.engine.Measurement.Work;
import io.slipway.benchmarks.engine.Turns.Turn;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TurnsTests {

  private static final Measurement WORK = new Measurement(Work.ENCODER, 1, 4, 0, 1);

  /** Answers with one figure after another, then ends. */
  private static MeasuringProcess saying(String... figures) throws Exception {
    String script =
        "for ms in %s; do read -r line; echo \"{\\\"ms\\\": $ms}\"; done; exit 3"
            .formatted(String.join(" ", figures));
    return new MeasuringProcess(List.of("sh", "-c", script), Map.of());
  }

  @Test
  void theTurnWithTheMedianRatioCountsForBothSides() throws Exception {
    try (MeasuringProcess ours = saying("900", "10", "20", "10", "5");
        MeasuringProcess peers = saying("90", "30", "40", "50", "90")) {
      // Ratios: 0.1, 3, 2, 5, 18.
      Turns turns = Turns.at(WORK, ours, Optional.of(peers));
      assertThat(turns.ours()).hasValue(10);
      assertThat(turns.peers()).hasValue(30);
      assertThat(turns.failures()).isEmpty();
    }
  }

  @Test
  void ofTwoInTheMiddleTheOneThatIsWorseForUsCounts() {
    List<Turn> turns = List.of(new Turn(1, 4), new Turn(1, 1), new Turn(1, 3), new Turn(1, 2));
    assertThat(Turn.median(turns)).isEqualTo(new Turn(1, 2));
  }

  @Test
  void theFirstTurnsOfQuickWorkWarmUp() throws Exception {
    Measurement warmedUp = new Measurement(Work.ENCODER, 1, 4, 1, 1);
    String[] figures = new String[45];
    Arrays.fill(figures, "900");
    Arrays.fill(figures, 40, 45, "7");
    try (MeasuringProcess ours = saying(figures)) {
      assertThat(Turns.at(warmedUp, ours, Optional.empty()).ours()).hasValue(7);
    }
  }

  @Test
  void withoutAPeerOurMedianCounts() throws Exception {
    try (MeasuringProcess ours = saying("900", "10", "20", "11", "5")) {
      Turns turns = Turns.at(WORK, ours, Optional.empty());
      assertThat(turns.ours()).hasValue(11);
      assertThat(turns.peers()).isEmpty();
    }
  }

  @Test
  void whereThePeerFailsWeAreMeasuredAlone() throws Exception {
    try (MeasuringProcess ours = saying("10", "12", "14", "16", "18", "20", "22");
        MeasuringProcess peers = saying("30")) {
      // Two turns are begun with the peer; what counts are the five after them.
      Turns turns = Turns.at(WORK, ours, Optional.of(peers));
      assertThat(turns.ours()).hasValue(18);
      assertThat(turns.peers()).isEmpty();
      assertThat(turns.failures()).singleElement().asString().startsWith("the peer: ");
    }
  }
}
