package io.slipway.deployment.control;

import io.slipway.deployment.DeploymentProperties;
import io.slipway.deployment.endpoint.Deployments;
import io.slipway.deployment.endpoint.Endpoints;
import io.slipway.deployment.endpoint.ModelDeployment;
import io.slipway.deployment.grant.ComputeGrant;
import io.slipway.deployment.grant.Grants;
import io.slipway.deployment.launch.Fleet;
import io.slipway.deployment.quarantine.ModelCrashes;
import io.slipway.deployment.route.Routes;
import io.slipway.deployment.v1.Replica;
import io.slipway.deployment.v1.WorkerKind;
import io.slipway.deployment.worker.ConnectedWorker;
import io.slipway.deployment.worker.Departure;
import io.slipway.deployment.worker.Workers;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * One look at everything, and what follows from it. All writes of a look are one transaction; what
 * workers are told follows from the tables alone, so telling them twice, or again after the
 * transaction has failed, changes nothing.
 */
@Component
class Reconciler {

  private static final Logger log = LoggerFactory.getLogger(Reconciler.class);

  private final Workers workers;
  private final Fleet fleet;
  private final Deployments deployments;
  private final Endpoints endpoints;
  private final Grants grants;
  private final ModelCrashes crashes;
  private final ModelPlacement models;
  private final TrainerAssignment trainers;
  private final Routes routes;
  private final TransactionTemplate transaction;
  private final DeploymentProperties properties;
  private final Clock clock;
  private Instant settledSince = Instant.MIN;

  Reconciler(
      Workers workers,
      Fleet fleet,
      Deployments deployments,
      Endpoints endpoints,
      Grants grants,
      ModelCrashes crashes,
      ModelPlacement models,
      TrainerAssignment trainers,
      Routes routes,
      TransactionTemplate transaction,
      DeploymentProperties properties,
      Clock clock) {
    this.workers = workers;
    this.fleet = fleet;
    this.deployments = deployments;
    this.endpoints = endpoints;
    this.grants = grants;
    this.crashes = crashes;
    this.models = models;
    this.trainers = trainers;
    this.routes = routes;
    this.transaction = transaction;
    this.properties = properties;
    this.clock = clock;
  }

  /**
   * @param leaderSince when this instance took the lead
   */
  void reconcile(Instant leaderSince) {
    if (!isSettled(leaderSince)) {
      return;
    }
    List<Departure> departures = workers.departures(fleet::hasExited);
    // A process that only stalls must not wake up later beside the one that takes its place.
    departures.stream()
        .filter(Departure::byItself)
        .forEach(departure -> fleet.kill(departure.worker().launchId()));
    Set<ConnectedWorker> gone = new HashSet<>();
    departures.forEach(departure -> gone.add(departure.worker()));
    transaction.executeWithoutResult(
        status -> {
          recordCrashes(departures);
          look(gone);
        });
    workers.remove(departures);
    fleet.tend(workers.all());
  }

  private void look(Set<ConnectedWorker> gone) {
    grants.expire();
    crashes.forgetOld();
    List<ComputeGrant> live = grants.live();
    trainers.assign(
        live.stream().filter(ComputeGrant::isForTrainer).toList(),
        present(WorkerKind.WORKER_KIND_TRAINER, gone),
        gone);
    List<ModelDeployment> all = deployments.all();
    var servers = present(WorkerKind.WORKER_KIND_INFERENCE, gone);
    models.place(all, live.stream().filter(grant -> !grant.isForTrainer()).toList(), servers);
    endpoints.removeDeleted();
    routes.publish(EndpointRoutes.of(endpoints.live(), all, servers));
  }

  private List<ConnectedWorker> present(WorkerKind kind, Set<ConnectedWorker> gone) {
    return workers.ofKind(kind).stream().filter(worker -> !gone.contains(worker)).toList();
  }

  private void recordCrashes(List<Departure> departures) {
    for (Departure departure : departures) {
      ConnectedWorker worker = departure.worker();
      if (departure.byItself() && worker.kind() == WorkerKind.WORKER_KIND_INFERENCE) {
        crashes.record(worker.id(), worker.suspects());
      }
    }
  }

  /**
   * After a change of leader the workers have to come back first, or everything would be taken from
   * the routes for a moment, and trainers' runs be given up.
   */
  private boolean isSettled(Instant leaderSince) {
    if (settledSince.equals(leaderSince)) {
      return true;
    }
    boolean patienceOver = clock.instant().isAfter(leaderSince.plus(properties.takeoverGrace()));
    if (patienceOver || expected().stream().allMatch(this::isBack)) {
      settledSince = leaderSince;
      log.info("Taking over with {} workers connected", workers.all().size());
      return true;
    }
    return false;
  }

  private Set<String> expected() {
    Set<String> ids = new HashSet<>();
    routes
        .current()
        .forEach(
            route ->
                route.getTargetsList().stream()
                    .flatMap(target -> target.getReplicasList().stream())
                    .map(Replica::getWorkerId)
                    .forEach(ids::add));
    grants.live().stream().map(ComputeGrant::worker).filter(Objects::nonNull).forEach(ids::add);
    return ids;
  }

  private boolean isBack(String worker) {
    return workers.all().stream()
        .anyMatch(connected -> connected.id().equals(worker) && connected.hasReported());
  }
}
