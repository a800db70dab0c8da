package io.slipway.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTests {

  @Test
  void putsModelsWithoutAnOwnerIntoANamespaceOfTheirOwn() {
    assertThat(ModelId.ofHub("bert-base-uncased").name()).isEqualTo("models/hub/bert-base-uncased");
    assertThat(ModelId.ofHub("acme/tickets").name()).isEqualTo("models/acme/tickets");
  }

  @Test
  void readsTheNameOfAVersion() {
    VersionName name = VersionName.parse("models/acme/tickets/versions/12");

    assertThat(name).isEqualTo(new VersionName(new ModelId("acme", "tickets"), 12));
    assertThat(name).hasToString("models/acme/tickets/versions/12");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "a/b/c", "../b", "a/..", "a/-b", "a/b.", "a//b", "a/b c", "a/ü"})
  void refusesWhatIsNoModelId(String id) {
    assertThatThrownBy(() -> ModelId.parse(id)).hasMessageContaining("expected namespace/model");
  }
}
