package io.slipway.gateway.huggingface;

import io.slipway.deployment.v1.Route;
import io.slipway.gateway.errors.HttpError;
import io.slipway.gateway.inference.RouteTable;
import java.util.List;
import org.springframework.stereotype.Component;

/** Which endpoint answers for the id in a path. */
@Component
class ServedModels {

  private final RouteTable routes;

  ServedModels(RouteTable routes) {
    this.routes = routes;
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

  private static boolean canAnswer(Route route) {
    return route.getTargetsList().stream().anyMatch(target -> target.getReplicasCount() > 0);
  }
}
