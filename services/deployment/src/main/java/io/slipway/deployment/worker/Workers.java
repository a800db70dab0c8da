package io.slipway.deployment.worker;

import com.google.protobuf.Duration;
import io.grpc.stub.StreamObserver;
import io.slipway.deployment.DeploymentProperties;
import io.slipway.deployment.signal.ChangeSignal;
import io.slipway.deployment.v1.Welcome;
import io.slipway.deployment.v1.WorkerDirective;
import io.slipway.deployment.v1.WorkerKind;
import io.slipway.deployment.v1.WorkerReport.Hello;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.SlipwayException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The workers and trainers of this moment. They are nowhere else: a worker lives as long as its
 * stream, and a short grace in which it may come back.
 */
@Component
public class Workers {

  private static final Logger log = LoggerFactory.getLogger(Workers.class);

  private final Map<String, ConnectedWorker> workers = new ConcurrentHashMap<>();
  private final DeploymentProperties properties;
  private final ChangeSignal changes;
  private final Clock clock;

  Workers(DeploymentProperties properties, ChangeSignal changes, Clock clock) {
    this.properties = properties;
    this.changes = changes;
    this.clock = clock;
  }

  /** A worker introduces itself, for the first time or after its stream had broken. */
  ConnectedWorker connect(Hello hello, StreamObserver<WorkerDirective> stream) {
    ConnectedWorker worker =
        workers.computeIfAbsent(hello.getWorkerId(), _ -> new ConnectedWorker(hello, clock));
    worker.attach(
        stream,
        Welcome.newBuilder()
            .setHeartbeatInterval(duration(properties.heartbeat()))
            .setLease(duration(properties.lease()))
            .build());
    log.info(
        "{} {} has connected from {}",
        hello.getKind(),
        hello.getWorkerId(),
        hello.getAddress().isEmpty() ? "somewhere" : hello.getAddress());
    changes.raise();
    return worker;
  }

  void changed() {
    changes.raise();
  }

  public List<ConnectedWorker> ofKind(WorkerKind kind) {
    return workers.values().stream()
        .filter(worker -> worker.kind() == kind)
        .sorted(Comparator.comparing(ConnectedWorker::id))
        .toList();
  }

  public List<ConnectedWorker> all() {
    return List.copyOf(workers.values());
  }

  /**
   * Workers that have gone since the last {@link #remove}.
   *
   * @param hasExited whether the process of a launch id is known to have ended
   */
  public List<Departure> departures(Predicate<String> hasExited) {
    Instant now = clock.instant();
    List<Departure> gone = new ArrayList<>();
    for (ConnectedWorker worker : workers.values()) {
      lossOf(worker, now, hasExited)
          .ifPresent(reason -> gone.add(new Departure(worker, !worker.isDraining(), reason)));
    }
    return gone;
  }

  private Optional<String> lossOf(
      ConnectedWorker worker, Instant now, Predicate<String> hasExited) {
    Instant brokenOff = worker.brokenOffTime();
    if (!worker.launchId().isEmpty() && hasExited.test(worker.launchId())) {
      return Optional.of("its process has ended");
    }
    if (brokenOff != null
        && (worker.isDraining() || now.isAfter(brokenOff.plus(properties.reconnectGrace())))) {
      return Optional.of("its stream has closed");
    }
    if (now.isAfter(worker.reportTime().plus(properties.lease()))) {
      return Optional.of("it has not reported for " + properties.lease());
    }
    return Optional.empty();
  }

  /** Forgets workers that have gone, and ends what is left of their streams. */
  public void remove(List<Departure> departures) {
    for (Departure departure : departures) {
      ConnectedWorker worker = departure.worker();
      workers.remove(worker.id(), worker);
      log.info(
          "{} {} is gone{}: {}",
          worker.kind(),
          worker.id(),
          departure.byItself() ? " by itself" : "",
          departure.reason());
      worker.dismiss(
          new SlipwayException(
              ErrorCode.UNAVAILABLE, "Worker " + worker.id() + " counts as dead; connect again."));
    }
  }

  /** Ends all streams and forgets everybody: another instance leads, or this one stops. */
  public void dismissAll(SlipwayException reason) {
    for (ConnectedWorker worker : all()) {
      workers.remove(worker.id(), worker);
      worker.dismiss(reason);
    }
  }

  private static Duration duration(java.time.Duration time) {
    return Duration.newBuilder().setSeconds(time.getSeconds()).setNanos(time.getNano()).build();
  }
}
