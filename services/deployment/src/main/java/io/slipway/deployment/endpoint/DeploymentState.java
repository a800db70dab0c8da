package io.slipway.deployment.endpoint;

import com.google.rpc.Status;
import org.jspecify.annotations.Nullable;

/** Where a deployment is in its life. */
public sealed interface DeploymentState {

  /**
   * No replica answers yet.
   *
   * @param waitingFor what is missing, when it is more than time
   */
  record Pending(@Nullable Status waitingFor) implements DeploymentState {}

  record Ready(int replicas) implements DeploymentState {}

  /** It cannot be served. */
  record Failed(Status error) implements DeploymentState {}

  /** Out of its route; workers finish what they have accepted. */
  record Deleting() implements DeploymentState {}
}
