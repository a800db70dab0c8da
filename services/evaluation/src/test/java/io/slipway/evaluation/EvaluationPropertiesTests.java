package io.slipway.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class EvaluationPropertiesTests {

  @Test
  void hasTheDocumentedDefaults() {
    assertThat(bind(Map.of()))
        .isEqualTo(
            new EvaluationProperties(
                32,
                4,
                Duration.ofSeconds(60),
                Duration.ofMinutes(3),
                Duration.ofSeconds(60),
                Duration.ofSeconds(10),
                Duration.ofMillis(250),
                Duration.ofSeconds(1)));
  }

  @Test
  void readsSettingsAndRefusesBatchesWithoutRows() {
    assertThat(bind(Map.of("slipway.evaluation.batch-rows", "8")).batchRows()).isEqualTo(8);
    assertThatThrownBy(() -> bind(Map.of("slipway.evaluation.batch-rows", "0")))
        .rootCause()
        .hasMessageContaining("expected at least 1");
  }

  private static EvaluationProperties bind(Map<String, String> settings) {
    return new Binder(new MapConfigurationPropertySource(settings))
        .bindOrCreate("slipway.evaluation", EvaluationProperties.class);
  }
}
