package io.slipway.deployment.launch;

import io.slipway.deployment.DeploymentProperties;
import io.slipway.deployment.signal.ChangeSignal;
import io.slipway.deployment.v1.WorkerKind;
import io.slipway.deployment.worker.ConnectedWorker;
import io.slipway.kit.names.Ids;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The processes that were launched: starts as many as are allowed, ends those that have nothing to
 * do, and kills those that do not connect, or do not end. Used by the loop's thread only, but for
 * {@link #hasExited} and {@link #close}.
 */
@Component
public class Fleet {

  private static final Logger log = LoggerFactory.getLogger(Fleet.class);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final Launcher launcher;
  private final DeploymentProperties properties;
  private final ChangeSignal changes;
  private final Ids ids;
  private final Clock clock;
  private final Map<String, Launched> launched = new HashMap<>();
  private final Map<WorkerKind, Failures> failures = new EnumMap<>(WorkerKind.class);
  private boolean closed;

  Fleet(
      Launcher launcher,
      DeploymentProperties properties,
      ChangeSignal changes,
      Ids ids,
      Clock clock) {
    this.launcher = launcher;
    this.properties = properties;
    this.changes = changes;
    this.ids = ids;
    this.clock = clock;
  }

  private static final class Launched {
    private final WorkerKind kind;
    private final LaunchedProcess process;
    private boolean connected;
    // When it was started, or was last seen connected.
    private Instant time;

    Launched(WorkerKind kind, LaunchedProcess process, Instant time) {
      this.kind = kind;
      this.process = process;
      this.time = time;
    }
  }

  /** Launches of one kind that came to nothing, in a row. */
  private record Failures(int count, Instant last) {
    Instant nextTry() {
      Duration pause = Duration.ofMillis(500L << Math.min(count, 10));
      return last.plus(pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE);
    }
  }

  /** Whether more processes of a kind may be started at all. */
  public boolean canLaunch(WorkerKind kind) {
    return launcher.most(kind) > 0;
  }

  /** Launches in a row that came to nothing. */
  public int failedLaunches(WorkerKind kind) {
    Failures failed = failures.get(kind);
    return failed == null ? 0 : failed.count();
  }

  /**
   * Makes sure that so many processes of a kind are on their way, as far as that is allowed.
   *
   * @param wanted beyond those that are connected
   */
  public synchronized void request(WorkerKind kind, int wanted) {
    long starting =
        launched.values().stream()
            .filter(process -> process.kind == kind && !process.connected)
            .count();
    long room =
        launcher.most(kind)
            - launched.values().stream().filter(process -> process.kind == kind).count();
    for (long i = 0; i < Math.min(wanted - starting, room) && mayTry(kind); i++) {
      start(kind);
    }
  }

  private boolean mayTry(WorkerKind kind) {
    Failures failed = failures.get(kind);
    return !closed && (failed == null || !clock.instant().isBefore(failed.nextTry()));
  }

  private void start(WorkerKind kind) {
    String id = ids.next();
    try {
      LaunchedProcess process = launcher.launch(kind, id);
      launched.put(id, new Launched(kind, process, clock.instant()));
      process.whenEnded(changes::raise);
      log.info("Launched a {}: {}", kind, process.describe());
    } catch (LaunchException e) {
      log.error("Could not launch a {}", kind, e);
      failed(kind);
    }
  }

  private void failed(WorkerKind kind) {
    failures.put(kind, new Failures(failedLaunches(kind) + 1, clock.instant()));
  }

  /** Whether the process of a launch is known to have ended. */
  public synchronized boolean hasExited(String launchId) {
    Launched process = launched.get(launchId);
    return process != null && !process.process.isAlive();
  }

  /** Ends a process that no longer answers. */
  public synchronized void kill(String launchId) {
    Launched process = launched.get(launchId);
    if (process != null && process.process.isAlive()) {
      log.warn("Killing a {}: {}", process.kind, process.process.describe());
      process.process.kill();
    }
  }

  /**
   * Looks after everybody.
   *
   * @param workers those that are connected now
   */
  public synchronized void tend(List<ConnectedWorker> workers) {
    Set<String> connected = new HashSet<>();
    for (ConnectedWorker worker : workers) {
      if (!worker.launchId().isEmpty()) {
        connected.add(worker.launchId());
        retire(worker);
      }
    }
    Iterator<Map.Entry<String, Launched>> each = launched.entrySet().iterator();
    while (each.hasNext()) {
      Map.Entry<String, Launched> entry = each.next();
      Launched process = entry.getValue();
      if (connected.contains(entry.getKey())) {
        process.connected = true;
        process.time = clock.instant();
        failures.remove(process.kind);
      } else if (!process.process.isAlive()) {
        each.remove();
        if (!process.connected) {
          log.error(
              "A {} ended before it had connected: {}", process.kind, process.process.describe());
          failed(process.kind);
        }
      } else if (isOver(process.time, patienceWith(process))) {
        kill(entry.getKey());
      }
    }
  }

  /** How long a process may be without a connection: at its start, or at its end. */
  private Duration patienceWith(Launched process) {
    return process.connected ? properties.drainPatience() : properties.startPatience();
  }

  private void retire(ConnectedWorker worker) {
    worker
        .idleSince()
        .filter(time -> isOver(time, properties.idle()))
        .filter(_ -> !worker.isDraining())
        .ifPresent(
            _ -> {
              log.info("{} {} has nothing to do and is ended", worker.kind(), worker.id());
              worker.drain();
            });
    worker
        .drainTime()
        .filter(time -> isOver(time, properties.drainPatience()))
        .ifPresent(_ -> kill(worker.launchId()));
  }

  private boolean isOver(Instant since, Duration patience) {
    return clock.instant().isAfter(since.plus(patience));
  }

  /** Ends all of them, and launches no more. */
  public void close() {
    Collection<Launched> rest;
    synchronized (this) {
      closed = true;
      rest = List.copyOf(launched.values());
    }
    rest.forEach(process -> process.process.askToEnd());
    rest.forEach(process -> process.process.close());
  }
}
