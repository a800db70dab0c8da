package io.slipway.hub.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.slipway.hub.ModelInfo;
import io.slipway.hub.ModelJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/**
 * {@code POST /api/models/{id}/paths-info/{revision}} with {@code paths} in a form or in JSON:
 * those of them that exist.
 */
final class PathsInfoRoute implements Route {

  private final HubRepositories repositories;

  PathsInfoRoute(HubRepositories repositories) {
    this.repositories = repositories;
  }

  @Override
  public Optional<HubResponse> answer(HubRequest request) {
    return ApiPath.model(request, Set.of("paths-info"))
        .filter(address -> request.method().equals("POST") && address.action().equals("paths-info"))
        .map(address -> HubResponse.json(describe(address, paths(request))));
  }

  private ArrayNode describe(ModelAddress address, List<String> paths) {
    ModelInfo model = repositories.find(address.id(), address.revision());
    Set<String> directories = Directories.of(model);
    ArrayNode entries = ModelJson.MAPPER.createArrayNode();
    for (String path : paths) {
      model.file(path).map(ModelJson::writeTreeEntry).ifPresent(entries::add);
      if (directories.contains(path)) {
        entries.add(Directories.write(model, path));
      }
    }
    return entries;
  }

  private static List<String> paths(HubRequest request) {
    boolean isJson = request.header("content-type").orElse("").startsWith("application/json");
    return isJson
        ? BadRequestException.reading(() -> jsonPaths(request.body()))
        : BadRequestException.reading(() -> QueryString.read(new String(request.body(), UTF_8)))
            .getOrDefault("paths", List.of());
  }

  private static List<String> jsonPaths(byte[] body) {
    try {
      JsonNode paths = ModelJson.MAPPER.readTree(body).path("paths");
      List<String> read = new ArrayList<>();
      paths.forEach(path -> read.add(path.asString("")));
      return paths.isString() ? List.of(paths.asString()) : read;
    } catch (JacksonException e) {
      throw new IllegalArgumentException("The body is not JSON", e);
    }
  }
}
