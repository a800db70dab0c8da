package io.slipway.benchmarks.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.benchmarks.engine.Measurement.Work;
import io.slipway.benchmarks.engine.Section.Weights;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ConclusionTests {

  private static final OptionalDouble NONE = OptionalDouble.empty();

  @Test
  void aRatioAtItsTargetHoldsAndOneBelowItIsMissedWithAReason() {
    Comparison held = decode(OptionalDouble.of(10), OptionalDouble.of(15), OptionalDouble.of(0.5));
    Comparison missed =
        decode(OptionalDouble.of(10), OptionalDouble.of(14), OptionalDouble.of(0.5));

    assertThat(held.verdict()).isEqualTo("held");
    assertThat(missed.verdict()).isEqualTo("missed");
    assertThat(Conclusion.of(List.of(held)))
        .isEqualTo(new Conclusion(0, List.of("Every target is held.")));
    assertThat(Conclusion.of(List.of(held, missed)))
        .isEqualTo(
            new Conclusion(
                1,
                List.of(
                    "missed: decoder bfloat16 decode 1x128: the peer's 14.0 ms are 1.40 times our 10.0 (50% of the machine's limit), the target is 1.5")));
  }

  @Test
  void decodingOneRowHasToMoveItsPartOfTheBandwidthWithOrWithoutAPeer() {
    Comparison slow = decode(OptionalDouble.of(10), NONE, OptionalDouble.of(0.39));

    assertThat(slow.verdict()).isEqualTo("missed");
    assertThat(slow.misses())
        .containsExactly(
            "decoder bfloat16 decode 1x128: moves 39% of the memory's bandwidth, the target is 40%");
  }

  @Test
  void withoutAPeerNothingIsHeld() {
    Comparison alone = decode(OptionalDouble.of(10), NONE, OptionalDouble.of(0.5));

    assertThat(alone.verdict()).isEqualTo("not compared");
    assertThat(Conclusion.of(List.of(alone)))
        .isEqualTo(
            new Conclusion(
                3, List.of("1 targets could not be compared with Python transformers.")));
  }

  @Test
  void aFailureOfOursIsMissed() {
    Comparison failed =
        new Comparison(
            Section.DECODER,
            Weights.INT4,
            new Measurement(Work.DECODE, 1, 128, 1, 1),
            NONE,
            OptionalDouble.of(20),
            NONE,
            List.of("out of memory"));

    assertThat(failed.verdict()).isEqualTo("failed");
    assertThat(Conclusion.of(List.of(failed)))
        .isEqualTo(new Conclusion(1, List.of("missed: decoder int4 decode 1x128: out of memory")));
  }

  @Test
  void morePeakMemoryThanThePeersIsMissed() {
    Comparison memory =
        new Comparison(
            Section.TRAINING,
            Weights.FLOAT32,
            new Measurement(Work.PEAK_MEMORY, 0, 0, 0, 0),
            OptionalDouble.of(1001),
            OptionalDouble.of(1000),
            NONE,
            List.of());

    assertThat(memory.verdict()).isEqualTo("missed");
    assertThat(memory.misses().getFirst()).contains("1000.0 MiB", "our 1001.0");
  }

  private static Comparison decode(
      OptionalDouble ours, OptionalDouble peers, OptionalDouble fraction) {
    return new Comparison(
        Section.DECODER,
        Weights.BFLOAT16,
        new Measurement(Work.DECODE, 1, 128, 1, 1),
        ours,
        peers,
        fraction,
        List.of());
  }
}
