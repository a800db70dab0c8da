package io.slipway.deployment.control;

import io.slipway.deployment.endpoint.ModelDeployment;
import io.slipway.deployment.endpoint.ModelEndpoint;
import io.slipway.deployment.v1.Route;
import io.slipway.deployment.v1.RouteTarget;
import io.slipway.deployment.worker.ConnectedWorker;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The routes as they should be now. */
final class EndpointRoutes {

  private EndpointRoutes() {}

  /** Without versions. */
  static List<Route> of(
      List<ModelEndpoint> endpoints,
      List<ModelDeployment> deployments,
      List<ConnectedWorker> workers) {
    Map<String, ModelDeployment> byName =
        deployments.stream().collect(Collectors.toMap(ModelDeployment::name, Function.identity()));
    return endpoints.stream().map(endpoint -> route(endpoint, byName, workers)).toList();
  }

  private static Route route(
      ModelEndpoint endpoint,
      Map<String, ModelDeployment> deployments,
      List<ConnectedWorker> workers) {
    Route.Builder route =
        Route.newBuilder().setEndpoint(endpoint.name()).setTenant(endpoint.tenant());
    endpoint
        .traffic()
        .forEach(
            (name, percent) -> {
              ModelDeployment deployment = deployments.get(name);
              if (deployment != null) {
                route.addTargets(target(deployment, percent, workers));
              }
            });
    return route.build();
  }

  private static RouteTarget target(
      ModelDeployment deployment, int percent, List<ConnectedWorker> workers) {
    RouteTarget.Builder target =
        RouteTarget.newBuilder()
            .setDeployment(deployment.name())
            .setModelVersion(deployment.model().getName())
            .setTask(deployment.model().getTask())
            .setPercent(percent);
    if (deployment.isWanted()) {
      ModelPlacement.answering(deployment.model().getName(), workers)
          .forEach(worker -> target.addReplicas(worker.replica()));
    }
    return target.build();
  }
}
