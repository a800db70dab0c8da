package io.slipway.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class CatalogPropertiesTests {

  @Test
  void hasTheDocumentedDefaults() {
    assertThat(bind(Map.of())).isEqualTo(new CatalogProperties(200, 2000, Duration.ofHours(6), 5));
  }

  @Test
  void refusesWhatTheHubWouldNotAnswer() {
    assertThatThrownBy(() -> bind(Map.of("slipway.catalog.page-size", "1001")))
        .rootCause()
        .hasMessage("slipway.catalog.page-size is 1001: expected 1 to 1000");
    assertThatThrownBy(() -> bind(Map.of("slipway.catalog.sync-interval", "-1s")))
        .rootCause()
        .hasMessageContaining("expected zero or more");
  }

  @Test
  void doesNotShowTheToken() {
    assertThat(new HubProperties(URI.create("https://hub.example"), "hf_secret").toString())
        .doesNotContain("hf_secret");
  }

  private static CatalogProperties bind(Map<String, String> settings) {
    return new Binder(new MapConfigurationPropertySource(settings))
        .bindOrCreate("slipway.catalog", CatalogProperties.class);
  }
}
