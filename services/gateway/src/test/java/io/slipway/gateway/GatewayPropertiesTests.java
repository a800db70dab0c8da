package io.slipway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class GatewayPropertiesTests {

  @Test
  void haveDefaults() {
    GatewayProperties properties = bind(Map.of());
    assertThat(properties)
        .isEqualTo(
            new GatewayProperties(
                new GatewayProperties.Limits(
                    DataSize.ofMegabytes(1),
                    DataSize.ofGigabytes(1),
                    DataSize.ofKilobytes(8),
                    DataSize.ofKilobytes(16),
                    256),
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                Duration.ofMinutes(30),
                Duration.ofSeconds(3),
                Duration.ofSeconds(5),
                Duration.ofSeconds(15),
                null,
                null));
  }

  @Test
  void areReadByTheirNames() {
    GatewayProperties properties =
        bind(
            Map.of(
                "slipway.gateway.limits.upload", "2GB",
                "slipway.gateway.loading-wait", "4s",
                "slipway.gateway.bootstrap-api-key-file", "/run/key"));
    assertThat(properties.limits().upload()).isEqualTo(DataSize.ofGigabytes(2));
    assertThat(properties.loadingWait()).isEqualTo(Duration.ofSeconds(4));
    assertThat(properties.bootstrapApiKeyFile()).hasToString("/run/key");
  }

  private static GatewayProperties bind(Map<String, String> settings) {
    return new Binder(new MapConfigurationPropertySource(settings))
        .bindOrCreate("slipway.gateway", GatewayProperties.class);
  }
}
