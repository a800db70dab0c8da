package io.slipway.worker.control;

import io.slipway.deployment.v1.DesiredModels;
import io.slipway.deployment.v1.WorkerControlServiceGrpc.WorkerControlServiceStub;
import io.slipway.deployment.v1.WorkerReport.Hello;
import io.slipway.deployment.v1.WorkerState;
import io.slipway.worker.model.LoadedModels;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;
import org.springframework.stereotype.Component;

/**
 * Keeps this worker connected to the deployment service, from when it can answer until all that it
 * has accepted is answered. While the stream is broken it goes on serving.
 */
@Component("control")
class ControlLink implements HealthIndicator {

  private static final Logger log = LoggerFactory.getLogger(ControlLink.class);
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final WorkerControlServiceStub control;
  private final Introduction introduction;
  private final LoadedModels models;
  private final Drainage drainage;
  private final GrpcServerLifecycle server;
  private final ConfigurableApplicationContext application;
  private volatile @Nullable ControlSession session;
  private volatile @Nullable Thread thread;

  ControlLink(
      WorkerControlServiceStub control,
      Introduction introduction,
      LoadedModels models,
      Drainage drainage,
      GrpcServerLifecycle server,
      ConfigurableApplicationContext application) {
    this.control = control;
    this.introduction = introduction;
    this.models = models;
    this.drainage = drainage;
    this.server = server;
    this.application = application;
    models.onChange(this::report);
  }

  @EventListener(ApplicationReadyEvent.class)
  void start() {
    Hello hello = introduction.hello(server.getPort());
    thread = Thread.ofVirtual().name("control").start(() -> stayConnected(hello));
  }

  private void stayConnected(Hello hello) {
    Duration pause = SHORTEST_PAUSE;
    try {
      while (true) {
        ControlSession opened = new ControlSession(this::state, this::desire, this::drain);
        session = opened;
        opened.live(control, hello);
        if (opened.wasWelcome()) {
          pause = SHORTEST_PAUSE;
          log.warn("The control stream has ended: {}", opened.end());
        } else {
          log.debug("The deployment service cannot be reached: {}", opened.end());
        }
        // Many workers must not come back in step.
        Thread.sleep(pause.plusMillis(ThreadLocalRandom.current().nextLong(pause.toMillis())));
        pause = pause.multipliedBy(2);
        pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
      }
    } catch (InterruptedException deregistered) {
      Thread.currentThread().interrupt();
    }
  }

  private WorkerState state() {
    return WorkerState.newBuilder()
        .addAllModels(models.report())
        .setDraining(drainage.requests().isClosed())
        .setRequestsInFlight(drainage.requests().inside())
        .build();
  }

  private void desire(DesiredModels desired) {
    models.desire(desired.getModelsList());
  }

  private void report() {
    ControlSession open = session;
    if (open != null) {
      open.report();
    }
  }

  /** Told to end: the application's own end does the rest. */
  private void drain() {
    log.info("Told to finish and end");
    drainage.begin();
    report();
    Thread.ofPlatform().name("drain").start(application::close);
  }

  /** Comes before anything of the application is stopped. */
  @EventListener(ContextClosedEvent.class)
  void end(ContextClosedEvent closed) {
    if (closed.getApplicationContext() != application) {
      return;
    }
    drainage.begin();
    report();
    drainage.await();
    Thread running = thread;
    thread = null;
    if (running != null) {
      running.interrupt();
      try {
        running.join(Duration.ofSeconds(2));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public Health health() {
    ControlSession open = session;
    return open != null && open.isWelcome()
        ? Health.up().build()
        : Health.outOfService().withDetail("control", "not connected").build();
  }
}
