package io.slipway.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ProgressMeterTests {

  private static final Instant START = Instant.EPOCH;

  private final ProgressMeter meter = new ProgressMeter(START);

  @Test
  void averagesWhatHappenedSinceItWasLastRead() {
    meter.add(9, 100);
    meter.read(START.plusSeconds(1));
    meter.add(2, 32);
    meter.add(4, 16);

    assertThat(meter.read(START.plusSeconds(3))).isEqualTo(new ProgressMeter.Reading(3, 24));
  }

  @Test
  void hasNoLossWithoutSteps() {
    assertThat(meter.read(START.plusSeconds(1))).isEqualTo(new ProgressMeter.Reading(0, 0));
  }

  @Test
  void isDueAfterItsInterval() {
    Duration interval = Duration.ofMillis(500);

    assertThat(meter.isDue(START.plusMillis(499), interval)).isFalse();
    assertThat(meter.isDue(START.plusMillis(500), interval)).isTrue();
  }
}
