package io.slipway.gateway.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.gateway.api.PublicApi;
import io.slipway.gateway.rest.RestRoutes;
import io.slipway.gateway.testing.RunningGateway;
import io.slipway.gateway.testing.RunningGateway.Reply;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class OpenApiDocumentTests {

  private final RunningGateway gateway = RunningGateway.shared();
  private final JsonNode document = gateway.send(gateway.anonymous("/v3/api-docs")).json();

  @Test
  void listsEveryEndpointThatTheGatewayServes() {
    Set<String> described = new HashSet<>();
    document
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        operation ->
                            described.add(
                                operation.getKey().toUpperCase(Locale.ROOT)
                                    + " "
                                    + path.getKey())));
    List<String> served =
        gateway.bean(RestRoutes.class).endpoints().stream()
            .map(endpoint -> endpoint.method() + " " + PathNames.of(endpoint.path()).text())
            .toList();
    assertThat(described).containsExactlyInAnyOrderElementsOf(served);
    assertThat(served)
        .contains(
            "GET /slipway/v1/models/{namespace}/{model}/versions/{version}",
            "POST /slipway/v1/endpoints/{endpoint}:predict",
            "GET /slipway/v1/lineage/{subject}",
            "POST /slipway/v1/datasets");
  }

  @Test
  void describesEveryPublicMethod() {
    Set<String> ids = new HashSet<>(document.findValuesAsString("operationId"));
    assertThat(ids).hasSameSizeAs(document.findValuesAsString("operationId"));
    gateway.bean(PublicApi.class).services().stream()
        .flatMap(service -> service.methods().stream())
        .forEach(
            method ->
                assertThat(ids)
                    .contains(
                        method.proto().getService().getName() + "_" + method.proto().getName()));
    assertThat(ids).doesNotContain("RegistryService_PinVersion");
  }

  @Test
  void isWellFormed() {
    assertThat(document.path("openapi").stringValue()).startsWith("3.0");
    assertThat(document.path("info").path("title").stringValue()).isEqualTo("Slipway");
    assertThat(document.path("security").path(0).has("apiKey")).isTrue();
    for (String reference : document.findValuesAsString("$ref")) {
      String pointer = reference.substring(1);
      assertThat(document.at(pointer).isMissingNode()).as(reference).isFalse();
    }
    document
        .path("paths")
        .properties()
        .forEach(path -> checkParameters(path.getKey(), path.getValue()));
  }

  private static void checkParameters(String path, JsonNode operations) {
    List<String> inPath = new ArrayList<>();
    Matcher names = Pattern.compile("\\{(\\w+)}").matcher(path);
    while (names.find()) {
      inPath.add(names.group(1));
    }
    for (JsonNode operation : operations) {
      List<String> declared = new ArrayList<>();
      for (JsonNode parameter : operation.path("parameters")) {
        if (parameter.path("in").stringValue().equals("path")) {
          declared.add(parameter.path("name").stringValue());
        }
      }
      assertThat(declared).as(path).containsExactlyElementsOf(inPath);
      assertThat(operation.path("responses").has("200")).isTrue();
    }
  }

  @Test
  void explainsWhatTheProtosExplain() {
    JsonNode create = document.path("paths").path("/slipway/v1/imports").path("post");
    assertThat(create.path("summary").stringValue()).isEqualTo("Create import");
    assertThat(create.path("description").stringValue()).startsWith("Starts an import.");
    JsonNode deployment =
        document.path("components").path("schemas").path("slipway.deployment.v1.Deployment");
    assertThat(deployment.path("properties").path("replicas").path("description").stringValue())
        .isEqualTo("1 when zero.");
    assertThat(deployment.path("properties").path("state").path("enum").size()).isEqualTo(5);
  }

  @Test
  void isShownBySwaggerUi() {
    Reply entry = gateway.send(gateway.anonymous("/swagger-ui.html"));
    assertThat(entry.status()).isEqualTo(302);
    Reply page = gateway.send(gateway.anonymous("/swagger-ui/index.html"));
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.body()).contains("swagger-ui");
  }
}
