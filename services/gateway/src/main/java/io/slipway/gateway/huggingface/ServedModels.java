package io.slipway.gateway.huggingface;

import io.slipway.deployment.v1.Route;
import io.slipway.gateway.GatewayProperties;
import io.slipway.gateway.errors.HttpError;
import io.slipway.gateway.inference.RouteTable;
import java.util.List;
import org.springframework.stereotype.Component;

/** Which endpoint answers for the id in a path. */
@Component
class ServedModels {

  private final RouteTable routes;
  private final GatewayProperties properties;

  ServedModels(RouteTable routes, GatewayProperties properties) {
    this.routes = routes;
    this.properties = properties;
  }

  /**
   * An endpoint by its own id, or the first by name that serves a version of this model; one that
   * can answer before one that is still loading.
   *
   * @return endpoints/{endpoint}
   * @throws HttpError 404
   */
  String endpoint(String tenant, String id) {
    String name = "endpoints/" + id;
    if (routes.find(tenant, name).isPresent()) {
      return name;
    }
    List<Route> serving = routes.servingModel(tenant, id);
    if (serving.isEmpty() && isKnownSoon(tenant, name)) {
      return name;
    }
    return serving.stream()
        .filter(ServedModels::canAnswer)
        .findFirst()
        .or(() -> serving.stream().findFirst())
        .map(Route::getEndpoint)
        .orElseThrow(
            () ->
                HttpError.of(
                    404,
                    "Model "
                        + id
                        + " is not served here: no endpoint has this id or serves this model."));
  }

  /** The route of an endpoint that was just made is on its way; an owner/model is no endpoint. */
  private boolean isKnownSoon(String tenant, String name) {
    return name.indexOf('/', "endpoints/".length()) < 0
        && routes.await(tenant, name, _ -> true, properties.loadingWait()).isPresent();
  }

  private static boolean canAnswer(Route route) {
    return route.getTargetsList().stream().anyMatch(target -> target.getReplicasCount() > 0);
  }
}
