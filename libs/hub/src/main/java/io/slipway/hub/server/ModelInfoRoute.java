package io.slipway.hub.server;

import io.slipway.hub.ModelInfo;
import io.slipway.hub.ModelJson;
import java.util.Optional;
import java.util.Set;

/**
 * {@code GET /api/models/{id}[/revision/{revision}]}, with sizes and hashes for {@code blobs=true}.
 */
final class ModelInfoRoute implements Route {

  private final HubRepositories repositories;

  ModelInfoRoute(HubRepositories repositories) {
    this.repositories = repositories;
  }

  @Override
  public Optional<HubResponse> answer(HubRequest request) {
    return ApiPath.model(request, Set.of("revision"))
        .filter(address -> request.isRead() && address.arguments().size() <= 1)
        .map(
            address -> {
              ModelInfo model = repositories.find(address.id(), address.revision());
              return HubResponse.json(ModelJson.write(model, true, request.isTrue("blobs")));
            });
  }
}
