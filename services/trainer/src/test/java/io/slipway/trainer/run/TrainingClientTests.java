package io.slipway.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TrainingClientTests {

  @Test
  void spreadsItsAttemptsOverTheGrace() {
    assertThat(TrainingClient.attemptsWithin(Duration.ZERO)).isEqualTo(1);
    // 0.2 + 0.4 + 0.8 + 1.6
    assertThat(TrainingClient.attemptsWithin(Duration.ofSeconds(3))).isEqualTo(5);
    // and 2 + 2 + 2 + 2
    assertThat(TrainingClient.attemptsWithin(Duration.ofSeconds(10))).isEqualTo(9);
  }
}
