package io.slipway.hub.server;

import io.slipway.hub.HubException.EntryNotFound;
import io.slipway.hub.ModelInfo;
import io.slipway.hub.ModelJson;
import io.slipway.hub.RepositoryFile;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.node.ArrayNode;

/** {@code GET /api/models/{id}/tree/{revision}[/{path}]?recursive=}: all entries, on one page. */
final class TreeRoute implements Route {

  private final HubRepositories repositories;

  TreeRoute(HubRepositories repositories) {
    this.repositories = repositories;
  }

  @Override
  public Optional<HubResponse> answer(HubRequest request) {
    return ApiPath.model(request, Set.of("tree"))
        .filter(address -> request.isRead() && address.action().equals("tree"))
        .map(address -> HubResponse.json(list(address, request.isTrue("recursive"))));
  }

  private ArrayNode list(ModelAddress address, boolean recursive) {
    ModelInfo model = repositories.find(address.id(), address.revision());
    String prefix = address.path().isEmpty() ? "" : address.path() + "/";
    ArrayNode entries = ModelJson.MAPPER.createArrayNode();
    for (String directory : directories(model, prefix, recursive)) {
      entries.add(Directories.write(model, directory));
    }
    for (RepositoryFile file : model.files()) {
      boolean inside = file.path().startsWith(prefix);
      if (inside && (recursive || file.path().indexOf('/', prefix.length()) < 0)) {
        entries.add(ModelJson.writeTreeEntry(file));
      }
    }
    if (entries.isEmpty() && !prefix.isEmpty()) {
      throw new EntryNotFound(address.id(), address.revision(), address.path());
    }
    return entries;
  }

  private static TreeSet<String> directories(ModelInfo model, String prefix, boolean recursive) {
    TreeSet<String> directories = Directories.of(model);
    directories.removeIf(
        directory ->
            !directory.startsWith(prefix)
                || (!recursive && directory.indexOf('/', prefix.length()) >= 0));
    return directories;
  }
}
