package io.slipway.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class TrainerPropertiesTests {

  @Test
  void hasTheDefaultsThatTheReadmeNames() {
    assertThat(bind(Map.of()))
        .isEqualTo(
            new TrainerProperties(
                new TrainerProperties.Artifacts(
                    Path.of("/var/lib/slipway/artifacts"), Path.of("/var/lib/slipway/checkouts")),
                new TrainerProperties.Worker("", false),
                new TrainerProperties.Training(
                    "cpu",
                    0,
                    Path.of("/tmp"),
                    false,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(20),
                    Duration.ofMillis(500),
                    Duration.ofSeconds(5))));
  }

  @Test
  void isReadFromTheSharedAndItsOwnSettings() {
    TrainerProperties properties =
        bind(
            Map.of(
                "slipway.worker.launch-id", "launch-7",
                "slipway.worker.exit-with-parent", "true",
                "slipway.trainer.device", "cuda:1",
                "slipway.trainer.exit-after-run", "true"));

    assertThat(properties.worker()).isEqualTo(new TrainerProperties.Worker("launch-7", true));
    assertThat(properties.trainer().device()).isEqualTo("cuda:1");
    assertThat(properties.trainer().exitAfterRun()).isTrue();
  }

  private static TrainerProperties bind(Map<String, String> settings) {
    return new Binder(new MapConfigurationPropertySource(settings))
        .bindOrCreate("slipway", TrainerProperties.class);
  }
}
