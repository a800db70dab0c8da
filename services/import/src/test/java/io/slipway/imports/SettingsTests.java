package io.slipway.imports;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class SettingsTests {

  @Test
  void hasTheDocumentedDefaults() {
    ImportProperties defaults =
        new Binder(new MapConfigurationPropertySource(Map.of()))
            .bindOrCreate("slipway.imports", ImportProperties.class);

    assertThat(defaults)
        .isEqualTo(
            new ImportProperties(
                DataSize.ofGigabytes(200),
                DataSize.ofGigabytes(1),
                3,
                Duration.ofMillis(250),
                Duration.ofMinutes(5)));
  }

  @Test
  void readsTheSharedDirectories() {
    var settings =
        new MapConfigurationPropertySource(
            Map.of(
                "slipway.artifacts.root", "/srv/blobs", "slipway.artifacts.checkouts", "/tmp/out"));

    assertThat(new Binder(settings).bindOrCreate("slipway.artifacts", ArtifactProperties.class))
        .isEqualTo(new ArtifactProperties(Path.of("/srv/blobs"), Path.of("/tmp/out")));
  }
}
