package io.slipway.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.deployment.DeploymentProperties.LauncherKind;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class DeploymentPropertiesTests {

  private static DeploymentProperties bind(Map<String, String> settings) {
    return new Binder(new MapConfigurationPropertySource(settings))
        .bindOrCreate("slipway.deployment", DeploymentProperties.class);
  }

  @Test
  void launchesNothingUnlessTold() {
    var properties = bind(Map.of());
    assertThat(properties.launcher()).isEqualTo(LauncherKind.NONE);
    assertThat(properties.maxWorkers()).isEqualTo(2);
    assertThat(properties.maxTrainers()).isEqualTo(1);
    assertThat(properties.workerClasspath()).isEmpty();
    assertThat(properties.lease()).isEqualTo(Duration.ofSeconds(10));
    assertThat(properties.idle()).isEqualTo(Duration.ofMinutes(1));
    assertThat(properties.crashLimit()).isEqualTo(3);
    assertThat(properties.crashWindow()).isEqualTo(Duration.ofMinutes(10));
  }

  @Test
  void takesSettings() {
    var properties =
        bind(
            Map.of(
                "slipway.deployment.launcher", "process",
                "slipway.deployment.worker-classpath", "/a.jar,/lib/*",
                "slipway.deployment.worker-heap", "256MB"));
    assertThat(properties.launcher()).isEqualTo(LauncherKind.PROCESS);
    assertThat(properties.workerClasspath()).containsExactly("/a.jar", "/lib/*");
    assertThat(properties.workerHeap()).isEqualTo(DataSize.ofMegabytes(256));
  }
}
