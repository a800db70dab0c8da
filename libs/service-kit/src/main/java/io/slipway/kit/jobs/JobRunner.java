package io.slipway.kit.jobs;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.CannotCreateTransactionException;

/**
 * Takes the jobs of one handler and runs each on a virtual thread, while a heartbeat holds its
 * lease. When the service stops, its runs are interrupted and their jobs put back, so that another
 * process takes them at once.
 */
final class JobRunner {

  private static final Logger log = LoggerFactory.getLogger(JobRunner.class);
  private static final Duration SHUTDOWN_PATIENCE = Duration.ofSeconds(10);

  private final JobHandler handler;
  private final Jobs jobs;
  private final JobAttempt attempt;
  private final JobProperties properties;
  private final String owner;
  private final Semaphore room;
  private final Semaphore wakeUp = new Semaphore(0);
  private final Set<Thread> runs = ConcurrentHashMap.newKeySet();
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private volatile boolean running;

  JobRunner(
      JobHandler handler, Jobs jobs, JobAttempt attempt, JobProperties properties, String owner) {
    this.handler = handler;
    this.jobs = jobs;
    this.attempt = attempt;
    this.properties = properties;
    this.owner = owner;
    this.room = new Semaphore(properties.concurrency());
  }

  String collection() {
    return handler.collection();
  }

  /** Looks for work now. */
  void wake() {
    wakeUp.release();
  }

  void start() {
    running = true;
    Thread.ofVirtual().name("jobs-" + handler.collection()).start(this::takeJobs);
  }

  private void takeJobs() {
    try {
      while (running) {
        room.acquire();
        if (!takeOne()) {
          room.release();
          if (wakeUp.tryAcquire(properties.poll().toMillis(), TimeUnit.MILLISECONDS)) {
            wakeUp.drainPermits();
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean takeOne() {
    try {
      return jobs.claim(handler.collection(), owner, properties.lease())
          .map(this::begin)
          .orElse(false);
    } catch (DataAccessException | CannotCreateTransactionException e) {
      log.warn("Cannot look for {}: {}", handler.collection(), e.getMessage());
      return false;
    }
  }

  private boolean begin(Job job) {
    executor.execute(
        () -> {
          runs.add(Thread.currentThread());
          try {
            attempt.run(
                handler,
                new JobRun(job, new JobLease(job.id(), job.attempt(), owner), jobs),
                () -> running);
          } finally {
            runs.remove(Thread.currentThread());
            room.release();
            wake();
          }
        });
    return true;
  }

  void stop() {
    running = false;
    wake();
    runs.forEach(Thread::interrupt);
    executor.shutdown();
    try {
      if (!executor.awaitTermination(SHUTDOWN_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        log.warn("Some {} did not stop in time; their leases will run out", handler.collection());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
