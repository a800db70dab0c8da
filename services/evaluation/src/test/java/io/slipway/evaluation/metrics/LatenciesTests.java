package io.slipway.evaluation.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LatenciesTests {

  @Test
  void takesPercentilesByNearestRankWhateverTheOrder() {
    Latencies latencies = new Latencies();
    for (int milliseconds = 1000; milliseconds >= 1; milliseconds--) {
      latencies.add(Duration.ofMillis(milliseconds));
    }

    assertThat(latencies.statistics()).isEqualTo(new LatencyStatistics(500.5, 500, 950, 990));
  }

  @Test
  void takesEveryPercentileFromTheOnlyCall() {
    Latencies latencies = new Latencies();
    latencies.add(Duration.ofMillis(7));

    assertThat(latencies.statistics()).isEqualTo(new LatencyStatistics(7, 7, 7, 7));
    assertThat(new Latencies().statistics()).isEqualTo(new LatencyStatistics(0, 0, 0, 0));
  }
}
