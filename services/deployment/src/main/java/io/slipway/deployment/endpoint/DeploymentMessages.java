package io.slipway.deployment.endpoint;

import static io.slipway.kit.jobs.JobStatuses.timestamp;

import io.slipway.deployment.v1.Deployment;
import io.slipway.deployment.v1.Endpoint;
import io.slipway.deployment.v1.TrafficTarget;

/** Endpoints and deployments as the API shows them. */
final class DeploymentMessages {

  private DeploymentMessages() {}

  static Endpoint of(ModelEndpoint endpoint) {
    Endpoint.Builder message =
        Endpoint.newBuilder()
            .setName(endpoint.name())
            .setDisplayName(endpoint.displayName())
            .setCreateTime(timestamp(endpoint.createTime()));
    endpoint
        .traffic()
        .forEach(
            (deployment, percent) ->
                message.addTraffic(
                    TrafficTarget.newBuilder().setDeployment(deployment).setPercent(percent)));
    return message.build();
  }

  static Deployment of(ModelDeployment deployment) {
    Deployment.Builder message =
        Deployment.newBuilder()
            .setName(deployment.name())
            .setModelVersion(deployment.model().getName())
            .setReplicas(deployment.replicas())
            .setDevice(deployment.device())
            .setCreateTime(timestamp(deployment.createTime()))
            .setUpdateTime(timestamp(deployment.updateTime()));
    switch (deployment.state()) {
      case DeploymentState.Pending(var waitingFor) -> {
        message.setState(Deployment.State.STATE_PENDING);
        if (waitingFor != null) {
          message.setError(waitingFor);
        }
      }
      case DeploymentState.Ready(int replicas) ->
          message.setState(Deployment.State.STATE_READY).setReadyReplicas(replicas);
      case DeploymentState.Failed(var error) ->
          message.setState(Deployment.State.STATE_FAILED).setError(error);
      case DeploymentState.Deleting() -> message.setState(Deployment.State.STATE_DELETING);
    }
    return message.build();
  }
}
