package io.slipway.trainer.control;

import com.sun.management.OperatingSystemMXBean;
import io.slipway.common.v1.Device;
import io.slipway.deployment.v1.WorkerControlServiceGrpc.WorkerControlServiceStub;
import io.slipway.deployment.v1.WorkerKind;
import io.slipway.deployment.v1.WorkerReport.Hello;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.trainer.TrainerProperties;
import io.slipway.trainer.run.StopReason;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Keeps this process connected to the deployment service for as long as it lives. A run goes on
 * while the stream is broken, but only for the grace: by then its job is somebody else's.
 */
@Component
class ControlLink implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(ControlLink.class);
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(3);
  private static final Duration SHUTDOWN_PATIENCE = Duration.ofSeconds(15);

  private final WorkerControlServiceStub control;
  private final TrainerDesk desk;
  private final Duration grace;
  private final Clock clock;
  private final Hello hello;
  private volatile @Nullable ControlSession session;
  private volatile @Nullable Thread thread;
  private @Nullable Instant lostSince;
  private Duration pause = SHORTEST_PAUSE;

  ControlLink(
      WorkerControlServiceStub control,
      TrainerDesk desk,
      TrainerProperties properties,
      ComputeExecutor executor,
      Clock clock) {
    this.control = control;
    this.desk = desk;
    this.grace = properties.trainer().grace();
    this.clock = clock;
    this.hello =
        Hello.newBuilder()
            .setWorkerId(UUID.randomUUID().toString())
            .setKind(WorkerKind.WORKER_KIND_TRAINER)
            .setDevice(
                executor.device().kind() == ComputeDevice.Kind.CUDA
                    ? Device.DEVICE_CUDA
                    : Device.DEVICE_CPU)
            .setMemoryBytes(
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                    .getTotalMemorySize())
            .setLaunchId(properties.worker().launchId())
            .build();
    desk.onChange(this::report);
  }

  @Override
  public void start() {
    thread = Thread.ofVirtual().name("control").start(this::stayConnected);
  }

  private void stayConnected() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        ControlSession opened = new ControlSession(desk);
        session = opened;
        boolean welcomed = opened.live(control, hello, grace);
        if (welcomed) {
          pause = SHORTEST_PAUSE;
          lostSince = null;
        }
        noticeLoss(opened.end());
        Thread.sleep(pause);
        pause = min(pause.multipliedBy(2), LONGEST_PAUSE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void noticeLoss(String why) {
    Instant now = clock.instant();
    if (lostSince == null) {
      lostSince = now;
      log.info("The control stream has ended: {}", why);
    }
    if (now.isAfter(lostSince.plus(grace))) {
      desk.abandon(StopReason.CONTROL_LOST);
    }
  }

  private void report() {
    ControlSession open = session;
    if (open != null) {
      open.report();
    }
  }

  @Override
  public void stop() {
    desk.close(SHUTDOWN_PATIENCE);
    Thread running = thread;
    if (running != null) {
      running.interrupt();
      try {
        running.join(Duration.ofSeconds(2));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    thread = null;
  }

  @Override
  public boolean isRunning() {
    return thread != null;
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
