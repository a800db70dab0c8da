package io.slipway.deployment.control;

import com.google.rpc.Status;
import io.slipway.deployment.DeploymentProperties;
import io.slipway.deployment.endpoint.DeploymentState;
import io.slipway.deployment.endpoint.Deployments;
import io.slipway.deployment.endpoint.ModelDeployment;
import io.slipway.deployment.grant.ComputeGrant;
import io.slipway.deployment.grant.GrantState;
import io.slipway.deployment.grant.Grants;
import io.slipway.deployment.launch.Fleet;
import io.slipway.deployment.placement.Placement;
import io.slipway.deployment.v1.Replica;
import io.slipway.deployment.v1.WorkerKind;
import io.slipway.deployment.worker.ConnectedWorker;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.GrpcErrors;
import io.slipway.kit.events.EventPublisher;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;

/** What the workers' reports mean for deployments and grants. Writes only what has changed. */
@Component
class ReadyStates {

  private final Deployments deployments;
  private final Grants grants;
  private final EventPublisher events;
  private final Fleet fleet;
  private final DeploymentProperties properties;
  private final Clock clock;

  ReadyStates(
      Deployments deployments,
      Grants grants,
      EventPublisher events,
      Fleet fleet,
      DeploymentProperties properties,
      Clock clock) {
    this.deployments = deployments;
    this.grants = grants;
    this.events = events;
    this.fleet = fleet;
    this.properties = properties;
    this.clock = clock;
  }

  void update(
      List<ModelDeployment> wantedDeployments,
      List<ComputeGrant> wantedGrants,
      Placement placement,
      List<ConnectedWorker> workers) {
    for (ModelDeployment deployment : wantedDeployments) {
      DeploymentState state = stateOf(deployment, placement, workers);
      if (!state.equals(deployment.state())) {
        write(deployment, state);
      }
    }
    for (ComputeGrant grant : wantedGrants) {
      GrantState state = stateOf(grant, placement, workers);
      if (!state.equals(grant.state())) {
        write(grant, state);
      }
    }
  }

  private DeploymentState stateOf(
      ModelDeployment deployment, Placement placement, List<ConnectedWorker> workers) {
    String model = deployment.model().getName();
    int ready = ModelPlacement.answering(model, workers).size();
    if (ready > 0) {
      return new DeploymentState.Ready(Math.min(ready, deployment.replicas()));
    }
    Optional<Status> failure = failureOf(model, placement, workers);
    if (failure.isPresent()) {
      return new DeploymentState.Failed(failure.get());
    }
    return new DeploymentState.Pending(
        placement.missing().containsKey(model) ? noRoom(model) : null);
  }

  private void write(ModelDeployment deployment, DeploymentState state) {
    switch (state) {
      case DeploymentState.Pending(var waitingFor) ->
          deployments.pend(deployment.name(), waitingFor);
      case DeploymentState.Ready(int replicas) -> {
        deployments.ready(deployment.name(), replicas);
        if (!deployment.announced()) {
          announce(deployment);
        }
      }
      case DeploymentState.Failed(var error) -> deployments.fail(deployment.name(), error);
      case DeploymentState.Deleting() -> {
        // Only a user's command leads there.
      }
    }
  }

  private void announce(ModelDeployment deployment) {
    deployments.announced(deployment.name());
    events.publish(
        deployment.tenant(),
        deployment.name(),
        deployment.endpoint(),
        event ->
            event
                .getDeploymentReadyBuilder()
                .setEndpoint(deployment.endpoint())
                .setModelVersion(deployment.model().getName()));
  }

  private GrantState stateOf(
      ComputeGrant grant, Placement placement, List<ConnectedWorker> workers) {
    String model = grant.request().getModel().getModel();
    List<Replica> replicas =
        ModelPlacement.answering(model, workers).stream().map(ConnectedWorker::replica).toList();
    if (!replicas.isEmpty()) {
      return new GrantState.Ready(replicas);
    }
    Optional<Status> failure = failureOf(model, placement, workers);
    if (failure.isPresent()) {
      return new GrantState.Failed(failure.get());
    }
    boolean tooLate =
        clock.instant().isAfter(grant.createTime().plus(properties.placementPatience()));
    return tooLate && placement.missing().containsKey(model)
        ? new GrantState.Failed(noRoom(model))
        : new GrantState.Pending();
  }

  private void write(ComputeGrant grant, GrantState state) {
    switch (state) {
      case GrantState.Pending() -> grants.pend(grant);
      case GrantState.Ready(var replicas) -> grants.ready(grant, replicas);
      case GrantState.Failed(var error) -> grants.fail(grant, error);
      case GrantState.Ended() -> grants.end(grant);
    }
  }

  /** The reason, once every worker that has been given the model has failed to load it. */
  private static Optional<Status> failureOf(
      String model, Placement placement, List<ConnectedWorker> workers) {
    List<Optional<Status>> outcomes =
        workers.stream()
            .filter(
                worker -> placement.models().getOrDefault(worker.id(), Set.of()).contains(model))
            .map(worker -> worker.failureOf(model))
            .toList();
    boolean allFailed = !outcomes.isEmpty() && outcomes.stream().allMatch(Optional::isPresent);
    return allFailed ? outcomes.getFirst() : Optional.empty();
  }

  /** The same words for as long as it lasts, so that nothing is written over and over. */
  private Status noRoom(String model) {
    String more;
    if (!fleet.canLaunch(WorkerKind.WORKER_KIND_INFERENCE)) {
      more = "add workers to the pool, or delete deployments";
    } else if (fleet.failedLaunches(WorkerKind.WORKER_KIND_INFERENCE) > 1) {
      more = "the workers that were launched ended at once; see their logs in " + properties.logs();
    } else {
      more =
          "one is being launched, or all %d of this machine are full"
              .formatted(properties.maxWorkers());
    }
    return GrpcErrors.toStatus(
        ErrorCode.NO_COMPUTE, "No worker has room for %s: %s.".formatted(model, more));
  }
}
