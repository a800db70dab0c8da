package io.slipway.gateway.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.kit.errors.SlipwayException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PathTests {

  @Test
  void fillsAVariableWithTheSegmentsOfItsPattern() {
    assertThat(match("/v1/{name=endpoints/*/deployments/*}", "/v1/endpoints/a/deployments/b"))
        .contains(Map.of("name", "endpoints/a/deployments/b"));
    assertThat(match("/v1/{parent=models/*/*}/versions", "/v1/models/acme/bert/versions"))
        .contains(Map.of("parent", "models/acme/bert"));
  }

  @Test
  void lets2StarsTakeOneOrMoreSegments() {
    assertThat(match("/v1/{name=hubModels/**}", "/v1/hubModels/google/bert"))
        .contains(Map.of("name", "hubModels/google/bert"));
    assertThat(match("/v1/{name=hubModels/**}", "/v1/hubModels")).isEmpty();
  }

  @Test
  void tellsAVerbFromAnId() {
    assertThat(match("/v1/{name=imports/*}:cancel", "/v1/imports/x:cancel"))
        .contains(Map.of("name", "imports/x"));
    assertThat(match("/v1/{name=imports/*}", "/v1/imports/x:cancel")).isEmpty();
    assertThat(match("/v1/{name=imports/*}:cancel", "/v1/imports/x")).isEmpty();
    assertThat(match("/v1/{name=imports/*}", "/v1/imports/x%3Acancel"))
        .contains(Map.of("name", "imports/x:cancel"));
  }

  @Test
  void doesNotMatchAnotherNumberOfSegments() {
    assertThat(match("/v1/{name=imports/*}", "/v1/imports")).isEmpty();
    assertThat(match("/v1/{name=imports/*}", "/v1/imports/a/b")).isEmpty();
    assertThat(match("/v1/imports", "/v1/exports")).isEmpty();
  }

  @Test
  void decodesUtf8AndKeepsThePlus() {
    assertThat(RequestPath.parse("/a/gr%C3%BC+n").segments()).containsExactly("a", "grü+n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/a/../b",
        "/a/%2e%2E/b",
        "/a/./b",
        "/a//b",
        "/a/",
        "/a/b%2Fc",
        "/a/b%5Cc",
        "/a/b;x=1",
        "/a/%00",
        "/a/%zz",
        "/a/%ff",
        "a/b"
      })
  void refusesAPathThatCanBeReadInTwoWays(String raw) {
    assertThatThrownBy(() -> RequestPath.parse(raw))
        .isInstanceOf(SlipwayException.class)
        .hasMessageContaining(raw);
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1/imports", "/v1/{name=imports/*", "/v1/{name=a/**}/b", "/v1//b"})
  void refusesAMalformedTemplate(String template) {
    assertThatThrownBy(() -> PathTemplate.parseTemplate(template))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Optional<Map<String, String>> match(String template, String path) {
    return PathTemplate.parseTemplate(template).match(RequestPath.parse(path));
  }
}
