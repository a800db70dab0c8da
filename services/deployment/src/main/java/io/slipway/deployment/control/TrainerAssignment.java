package io.slipway.deployment.control;

import io.slipway.deployment.DeploymentProperties;
import io.slipway.deployment.grant.ComputeGrant;
import io.slipway.deployment.grant.GrantState;
import io.slipway.deployment.grant.Grants;
import io.slipway.deployment.launch.Fleet;
import io.slipway.deployment.placement.Hardware;
import io.slipway.deployment.v1.TrainerRun;
import io.slipway.deployment.v1.WorkerKind;
import io.slipway.deployment.worker.Assignment;
import io.slipway.deployment.worker.ConnectedWorker;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.GrpcErrors;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Which trainer has which run. One attempt is given to one trainer only: if that is lost the grant
 * fails, and the next attempt gets another one.
 */
@Component
class TrainerAssignment {

  private static final Logger log = LoggerFactory.getLogger(TrainerAssignment.class);

  private final Grants grants;
  private final Fleet fleet;
  private final DeploymentProperties properties;
  private final Clock clock;

  TrainerAssignment(Grants grants, Fleet fleet, DeploymentProperties properties, Clock clock) {
    this.grants = grants;
    this.fleet = fleet;
    this.properties = properties;
    this.clock = clock;
  }

  /**
   * @param live grants of trainers, oldest first
   * @param trainers those that have not gone
   * @param gone those that have gone since the last look
   */
  void assign(List<ComputeGrant> live, List<ConnectedWorker> trainers, Set<ConnectedWorker> gone) {
    Map<String, ComputeGrant> byName = new HashMap<>();
    live.forEach(grant -> byName.put(grant.name(), grant));
    trainers.stream()
        .filter(ConnectedWorker::hasReported)
        .forEach(trainer -> follow(trainer, byName));
    Map<String, ConnectedWorker> present = new HashMap<>();
    trainers.forEach(trainer -> present.put(trainer.id(), trainer));
    List<ComputeGrant> waiting = new ArrayList<>();
    for (ComputeGrant grant : byName.values()) {
      if (grant.worker() == null) {
        waiting.add(grant);
      } else if (!present.containsKey(grant.worker())) {
        lose(grant, gone);
      }
    }
    waiting.sort(Comparator.comparing(ComputeGrant::createTime).thenComparing(ComputeGrant::id));
    handOut(waiting, trainers);
  }

  /** Brings a trainer and the grants in line. A grant that comes to an end leaves the map. */
  private void follow(ConnectedWorker trainer, Map<String, ComputeGrant> live) {
    Optional<TrainerRun> run = trainer.run();
    if (trainer.assignment().isEmpty() && run.isPresent()) {
      live.values().stream()
          .filter(grant -> trainer.id().equals(grant.worker()) && isFor(grant, run.get()))
          .findFirst()
          .ifPresent(grant -> trainer.adopt(grant.name()));
    }
    Optional<Assignment> assignment = trainer.assignment();
    if (assignment.isEmpty()) {
      run.ifPresent(stray -> stop(trainer, stray.getJob(), stray.getAttempt()));
      return;
    }
    Assignment given = assignment.get();
    ComputeGrant grant = live.get(given.grant());
    if (grant == null) {
      trainer.release();
      stop(trainer, given.job(), given.attempt());
    } else if (run.isPresent() && given.started()) {
      if (grant.state() instanceof GrantState.Pending) {
        grants.ready(grant, List.of());
      }
    } else if (run.isEmpty() && given.started()) {
      log.info("{}: the run of attempt {} is over", given.job(), given.attempt());
      trainer.release();
      grants.end(grant);
      live.remove(grant.name());
    } else if (isOver(given.time(), properties.startPatience())) {
      trainer.release();
      trainer.drain();
      fail(grant, "Trainer %s did not take the run.".formatted(trainer.id()));
      live.remove(grant.name());
    }
  }

  private static boolean isFor(ComputeGrant grant, TrainerRun run) {
    return grant.request().getTrainer().getJob().equals(run.getJob())
        && grant.request().getAttempt() == run.getAttempt();
  }

  private void stop(ConnectedWorker trainer, String job, int attempt) {
    trainer.stopRun(job, attempt);
    // One that does not stop, because it hangs or stands still, is ended if that is in our hands.
    trainer
        .stopTime()
        .filter(time -> isOver(time, properties.drainPatience()))
        .ifPresent(_ -> fleet.kill(trainer.launchId()));
  }

  private void lose(ComputeGrant grant, Set<ConnectedWorker> gone) {
    boolean finished =
        gone.stream()
            .filter(trainer -> trainer.id().equals(grant.worker()))
            .anyMatch(
                trainer ->
                    trainer.run().isEmpty()
                        && trainer.assignment().map(Assignment::started).orElse(false));
    if (finished) {
      grants.end(grant);
    } else {
      fail(grant, "The trainer's process, %s, has died.".formatted(grant.worker()));
    }
  }

  private void fail(ComputeGrant grant, String reason) {
    grants.fail(grant, GrpcErrors.toStatus(ErrorCode.WORKER_LOST, reason));
  }

  private void handOut(List<ComputeGrant> waiting, List<ConnectedWorker> trainers) {
    List<ConnectedWorker> free =
        new ArrayList<>(trainers.stream().filter(ConnectedWorker::isFreeForRun).toList());
    int without = 0;
    for (ComputeGrant grant : waiting) {
      Optional<ConnectedWorker> trainer =
          free.stream().filter(candidate -> suits(candidate, grant)).findFirst();
      if (trainer.isPresent()) {
        free.remove(trainer.get());
        grants.assign(grant, trainer.get().id());
        trainer
            .get()
            .assign(
                grant.name(), grant.request().getTrainer().getJob(), grant.request().getAttempt());
      } else {
        without++;
      }
    }
    fleet.request(WorkerKind.WORKER_KIND_TRAINER, without);
  }

  private static boolean suits(ConnectedWorker trainer, ComputeGrant grant) {
    return switch (grant.request().getDevice()) {
      case DEVICE_CPU -> trainer.hardware() == Hardware.CPU;
      case DEVICE_CUDA -> trainer.hardware() == Hardware.CUDA;
      case DEVICE_UNSPECIFIED, UNRECOGNIZED -> true;
    };
  }

  private boolean isOver(Instant since, Duration patience) {
    return clock.instant().isAfter(since.plus(patience));
  }
}
