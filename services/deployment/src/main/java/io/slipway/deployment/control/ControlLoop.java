package io.slipway.deployment.control;

import io.slipway.deployment.DeploymentProperties;
import io.slipway.deployment.launch.Fleet;
import io.slipway.deployment.signal.ChangeSignal;
import io.slipway.deployment.worker.Workers;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.SlipwayException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * The thread of the loop: looks who leads, and lets the reconciler work if it is this instance. It
 * runs while workers can connect: it begins after the gRPC server has, since launched workers are
 * told its port, and stops before, since the server would wait for the workers' streams to end.
 */
@Component
class ControlLoop {

  private static final Logger log = LoggerFactory.getLogger(ControlLoop.class);

  private final Leadership leadership;
  private final Reconciler reconciler;
  private final Workers workers;
  private final Fleet fleet;
  private final ChangeSignal changes;
  private final DeploymentProperties properties;
  private final ApplicationContext application;
  private @Nullable Thread thread;

  ControlLoop(
      Leadership leadership,
      Reconciler reconciler,
      Workers workers,
      Fleet fleet,
      ChangeSignal changes,
      DeploymentProperties properties,
      ApplicationContext application) {
    this.leadership = leadership;
    this.reconciler = reconciler;
    this.workers = workers;
    this.fleet = fleet;
    this.changes = changes;
    this.properties = properties;
    this.application = application;
  }

  @EventListener(ApplicationReadyEvent.class)
  synchronized void start() {
    thread = Thread.ofPlatform().name("deployment-loop").start(this::run);
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        step();
        changes.await(properties.reconcileInterval());
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void step() {
    try {
      switch (leadership.look()) {
        case LEADER -> leadership.since().ifPresent(reconciler::reconcile);
        case STANDBY -> workers.dismissAll(elsewhere());
        case SUSPENDED -> log.debug("Waiting for the database");
      }
    } catch (DataAccessException | TransactionException e) {
      log.warn("The database failed in mid-step; the next one begins anew: {}", e.getMessage());
    } catch (RuntimeException e) {
      // The loop must live: what went wrong is logged, and looked at again at the next step.
      log.error("A step of the loop failed", e);
    }
  }

  private static SlipwayException elsewhere() {
    return new SlipwayException(
        ErrorCode.UNAVAILABLE, "Another instance of the deployment service leads; connect again.");
  }

  @EventListener
  synchronized void stop(ContextClosedEvent closed) {
    if (closed.getApplicationContext() != application) {
      return;
    }
    Thread running = thread;
    thread = null;
    if (running == null) {
      return;
    }
    running.interrupt();
    try {
      running.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    leadership.resign();
    workers.dismissAll(elsewhere());
    fleet.close();
  }
}
