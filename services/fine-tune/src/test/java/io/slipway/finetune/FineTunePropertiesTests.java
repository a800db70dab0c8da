package io.slipway.finetune;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.finetune.FineTuneProperties.TrainingDevice;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class FineTunePropertiesTests {

  @Test
  void hasTheDefaultsThatTheReadmeNames() {
    FineTuneProperties properties = bind(Map.of());

    assertThat(properties)
        .isEqualTo(
            new FineTuneProperties(
                new FineTuneProperties.Artifacts(Path.of("/var/lib/slipway/artifacts")),
                new FineTuneProperties.FineTune(
                    TrainingDevice.ANY,
                    Duration.ofSeconds(30),
                    Duration.ofMinutes(30),
                    Duration.ofMillis(200),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(10))));
  }

  @Test
  void isReadFromTheSharedAndItsOwnSettings() {
    FineTuneProperties properties =
        bind(
            Map.of(
                "slipway.artifacts.root", "/data/blobs",
                "slipway.fine-tune.device", "cuda",
                "slipway.fine-tune.trainer-patience", "5m"));

    assertThat(properties.artifacts().root()).isEqualTo(Path.of("/data/blobs"));
    assertThat(properties.fineTune().device()).isEqualTo(TrainingDevice.CUDA);
    assertThat(properties.fineTune().trainerPatience()).isEqualTo(Duration.ofMinutes(5));
  }

  private static FineTuneProperties bind(Map<String, String> settings) {
    return new Binder(new MapConfigurationPropertySource(settings))
        .bindOrCreate("slipway", FineTuneProperties.class);
  }
}
