package io.slipway.hub.server;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds the repository in addresses below {@code /api/models}. */
final class ApiPath {

  private ApiPath() {}

  static Optional<ModelAddress> model(HubRequest request, Set<String> actions) {
    List<String> path = request.path();
    return path.size() >= 3 && path.subList(0, 2).equals(List.of("api", "models"))
        ? ModelAddress.read(path.subList(2, path.size()), actions)
        : Optional.empty();
  }
}
