package io.slipway.deployment.endpoint;

import io.slipway.common.v1.Device;
import io.slipway.registry.v1.ModelVersion;
import java.time.Instant;

/**
 * A model version behind an endpoint.
 *
 * @param name {@code endpoints/{endpoint}/deployments/{deployment}}
 * @param endpoint {@code endpoints/{endpoint}}
 * @param pinned whether the registry keeps the version for it
 * @param announced whether it has been told of as ready
 * @param version grows with each change
 */
public record ModelDeployment(
    String name,
    String tenant,
    String endpoint,
    ModelVersion model,
    int replicas,
    Device device,
    DeploymentState state,
    boolean pinned,
    boolean announced,
    Instant createTime,
    Instant updateTime,
    long version) {

  /** Whether workers are to have its model. */
  public boolean isWanted() {
    return switch (state) {
      case DeploymentState.Pending _, DeploymentState.Ready _ -> pinned;
      case DeploymentState.Failed _, DeploymentState.Deleting _ -> false;
    };
  }
}
