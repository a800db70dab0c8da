package io.slipway.gateway.inference;

import io.slipway.deployment.v1.Route;
import io.slipway.deployment.v1.RouteTarget;
import io.slipway.gateway.GatewayProperties;
import io.slipway.inference.client.InferenceClient;
import io.slipway.inference.v1.PredictRequest;
import io.slipway.inference.v1.PredictResponse;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.kit.identity.Caller;
import io.slipway.kit.names.ResourceNames;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.stereotype.Component;

/** Sends a request for an endpoint to a replica of one of its deployments, by their share. */
@Component
public class EndpointPredictions {

  private final RouteTable routes;
  private final InferenceClient workers;
  private final GatewayProperties properties;

  EndpointPredictions(RouteTable routes, InferenceClient workers, GatewayProperties properties) {
    this.routes = routes;
    this.workers = workers;
    this.properties = properties;
  }

  /**
   * Blocks for the answer.
   *
   * @param request its model is the endpoint: endpoints/{endpoint}
   * @throws SlipwayException NOT_FOUND, MODEL_LOADING, FAILED_PRECONDITION for an endpoint without
   *     traffic, or what the worker answered
   */
  public PredictResponse predict(PredictRequest request) {
    String endpoint = request.getModel();
    ResourceNames.id("endpoints", endpoint);
    RouteTarget target = target(Caller.current().tenant(), endpoint);
    return workers.predict(
        target.getReplicasList(),
        request.toBuilder().setModel(target.getModelVersion()).build(),
        properties.predictDeadline());
  }

  private RouteTarget target(String tenant, String endpoint) {
    Route route =
        routes
            .await(tenant, endpoint, EndpointPredictions::canAnswer, properties.loadingWait())
            .orElseThrow(() -> SlipwayException.notFound(endpoint));
    // A share of a deployment that is still loading goes to those that can answer.
    List<RouteTarget> ready =
        route.getTargetsList().stream().filter(target -> target.getReplicasCount() > 0).toList();
    return choose(ready)
        .or(() -> choose(route.getTargetsList()))
        .orElseThrow(
            () ->
                new SlipwayException(
                    ErrorCode.FAILED_PRECONDITION,
                    endpoint + " has no deployment that gets traffic; create one."));
  }

  private static Optional<RouteTarget> choose(List<RouteTarget> targets) {
    return TrafficSplit.choose(targets, RouteTarget::getPercent, ThreadLocalRandom.current());
  }

  private static boolean canAnswer(Route route) {
    return route.getTargetsList().stream()
        .anyMatch(target -> target.getPercent() > 0 && target.getReplicasCount() > 0);
  }
}
