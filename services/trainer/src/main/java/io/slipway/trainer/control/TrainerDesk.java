package io.slipway.trainer.control;

import io.slipway.trainer.ProcessExit;
import io.slipway.trainer.TrainerProperties;
import io.slipway.trainer.run.RunId;
import io.slipway.trainer.run.StopReason;
import io.slipway.trainer.run.StopSignal;
import io.slipway.trainer.run.Trainer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Takes runs, one at a time, and stops them. Safe for many threads. */
@Component
class TrainerDesk {

  private static final Logger log = LoggerFactory.getLogger(TrainerDesk.class);

  private record Current(RunId id, StopSignal stop) {}

  private final Trainer trainer;
  private final ProcessExit exit;
  private final boolean exitAfterRun;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private volatile Runnable listener = () -> {};
  private @Nullable Current current;
  private @Nullable RunId next;
  private boolean leaving;
  private boolean closed;

  TrainerDesk(Trainer trainer, ProcessExit exit, TrainerProperties properties) {
    this.trainer = trainer;
    this.exit = exit;
    this.exitAfterRun = properties.trainer().exitAfterRun();
  }

  /**
   * @param onChange called after each change of what runs; must not block
   */
  void onChange(Runnable onChange) {
    listener = onChange;
  }

  Optional<RunId> current() {
    lock.lock();
    try {
      return Optional.ofNullable(current).map(Current::id);
    } finally {
      lock.unlock();
    }
  }

  boolean leaving() {
    lock.lock();
    try {
      return leaving;
    } finally {
      lock.unlock();
    }
  }

  /** Begins a run. A newer attempt at the job that runs stops the older one and then begins. */
  void take(RunId id) {
    lock.lock();
    try {
      if (leaving) {
        log.info("{} is not taken: this process ends", id);
      } else if (current == null) {
        begin(id);
      } else if (!current.id.isUpTo(id)) {
        log.warn("{} is not taken: {} runs", id, current.id);
      } else if (!current.id.equals(id)) {
        next = id;
        current.stop.stop(StopReason.STALE);
      }
    } finally {
      lock.unlock();
    }
    listener.run();
  }

  /** Ends a run of this or an older attempt; another run goes on. */
  void stop(RunId upTo) {
    lock.lock();
    try {
      if (next != null && next.isUpTo(upTo)) {
        next = null;
      }
      if (current != null && current.id.isUpTo(upTo)) {
        current.stop.stop(StopReason.ORDERED);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Ends whatever runs. */
  void abandon(StopReason reason) {
    lock.lock();
    try {
      next = null;
      if (current != null) {
        current.stop.stop(reason);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Takes nothing new; the process ends once what runs has come to its end. */
  void drain() {
    boolean idle;
    lock.lock();
    try {
      leaving = true;
      next = null;
      idle = current == null;
    } finally {
      lock.unlock();
    }
    listener.run();
    if (idle) {
      exit.begin();
    }
  }

  /** Ends whatever runs, takes nothing new, and waits for it. */
  void close(Duration patience) {
    lock.lock();
    try {
      leaving = true;
      closed = true;
      abandon(StopReason.SHUTDOWN);
      long nanos = patience.toNanos();
      while (current != null && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
      if (current != null) {
        log.warn("{} has not ended within {}", current.id, patience);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  private void begin(RunId id) {
    StopSignal stop = new StopSignal();
    current = new Current(id, stop);
    // Tokenizers are native too: a run drives them from a thread of the operating system.
    Thread.ofPlatform()
        .name("run-" + id.job())
        .daemon()
        .start(
            () -> {
              try {
                trainer.run(id, stop);
              } finally {
                ended();
              }
            });
  }

  private void ended() {
    boolean leave;
    lock.lock();
    try {
      current = null;
      RunId following = next;
      next = null;
      if (following != null && !leaving) {
        begin(following);
      }
      leave = current == null && !closed && (leaving || exitAfterRun);
      leaving |= leave;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    listener.run();
    if (leave) {
      exit.begin();
    }
  }
}
