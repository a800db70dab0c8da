package io.slipway.hub.server;

import io.slipway.hub.ModelJson;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** {@code GET /api/whoami-v2}: whose token the caller has. */
final class WhoAmIRoute implements Route {

  private final HubIdentity identity;

  WhoAmIRoute(HubIdentity identity) {
    this.identity = identity;
  }

  @Override
  public Optional<HubResponse> answer(HubRequest request) {
    if (!request.isRead() || !request.path().equals(List.of("api", "whoami-v2"))) {
      return Optional.empty();
    }
    return Optional.of(
        request
            .token()
            .flatMap(identity::userOf)
            .map(WhoAmIRoute::describe)
            .orElseGet(
                () -> HubResponse.error(401, "", "Invalid credentials in Authorization header")));
  }

  private static HubResponse describe(String user) {
    ObjectNode body = ModelJson.MAPPER.createObjectNode();
    body.put("type", "user").put("id", user).put("name", user).put("fullname", user);
    body.putArray("orgs");
    body.putObject("auth").put("type", "access_token");
    return HubResponse.json(body);
  }
}
