package io.slipway.hub.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.slipway.hub.ModelInfo;
import io.slipway.hub.ModelJson;
import io.slipway.hub.ModelPage;
import io.slipway.hub.ModelQuery;
import java.net.URLEncoder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;

/** {@code GET /api/models}: a page of models, with the address of the next one in {@code Link}. */
final class ModelListRoute implements Route {

  private final HubRepositories repositories;

  ModelListRoute(HubRepositories repositories) {
    this.repositories = repositories;
  }

  @Override
  public Optional<HubResponse> answer(HubRequest request) {
    if (!request.isRead() || !request.path().equals(List.of("api", "models"))) {
      return Optional.empty();
    }
    ModelQuery query = BadRequestException.reading(() -> ModelQuery.ofParameters(request.query()));
    Optional<String> cursor =
        request.query().getOrDefault("cursor", List.of()).stream().findFirst();
    ModelPage page = BadRequestException.reading(() -> repositories.list(query, cursor));
    HubResponse response = HubResponse.json(write(page.models(), request));
    return Optional.of(
        page.nextCursor()
            .map(next -> response.with("Link", "<" + next(request, next) + ">; rel=\"next\""))
            .orElse(response));
  }

  private static ArrayNode write(List<ModelInfo> models, HubRequest request) {
    boolean withFiles = request.isTrue("full") || request.expands("siblings");
    ArrayNode body = ModelJson.MAPPER.createArrayNode();
    for (ModelInfo model : models) {
      body.add(ModelJson.write(model, withFiles, false));
    }
    return body;
  }

  private static String next(HubRequest request, String cursor) {
    Map<String, List<String>> parameters = new LinkedHashMap<>(request.query());
    parameters.put("cursor", List.of(cursor));
    return request.baseUrl()
        + "/api/models?"
        + parameters.entrySet().stream()
            .flatMap(
                parameter ->
                    parameter.getValue().stream()
                        .map(value -> encode(parameter.getKey()) + "=" + encode(value)))
            .collect(Collectors.joining("&"));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, UTF_8);
  }
}
