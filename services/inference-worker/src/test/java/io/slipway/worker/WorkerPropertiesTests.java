package io.slipway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.models.runtime.Precision;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class WorkerPropertiesTests {

  private static WorkerProperties bind(Map<String, String> settings) {
    return new Binder(new MapConfigurationPropertySource(settings))
        .bindOrCreate("slipway.worker", WorkerProperties.class);
  }

  @Test
  void hasTheDocumentedDefaults() {
    assertThat(bind(Map.of()))
        .isEqualTo(
            new WorkerProperties(
                "cpu",
                Precision.FLOAT32,
                0,
                "",
                DataSize.ofBytes(0),
                "",
                false,
                32,
                8192,
                0.5,
                Duration.ofMillis(2),
                1024,
                256,
                100_000,
                Duration.ofSeconds(20)));
  }

  @Test
  void takesSettings() {
    var properties =
        bind(
            Map.of(
                "slipway.worker.device", "cuda:1",
                "slipway.worker.precision", "bfloat16",
                "slipway.worker.memory", "2GB"));
    assertThat(properties.device()).isEqualTo("cuda:1");
    assertThat(properties.precision()).isEqualTo(Precision.BFLOAT16);
    assertThat(properties.memory()).isEqualTo(DataSize.ofGigabytes(2));
  }
}
