package io.slipway.finetune.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelIdTests {

  @Test
  void readsNamespaceAndModel() {
    assertThat(ModelId.parse("acme/Tickets-v1.2_x"))
        .isEqualTo(new ModelId("acme", "Tickets-v1.2_x"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "acme",
        "/model",
        "acme/",
        "a/b/c",
        "../x",
        "acme/..",
        "a b/c",
        "-a/b",
        "a/b--c",
        "models/a/b"
      })
  void refusesWhatIsNoModelId(String text) {
    assertThatThrownBy(() -> ModelId.parse(text))
        .hasMessageContaining("\"" + text + "\"")
        .hasMessageContaining("namespace/model");
  }
}
