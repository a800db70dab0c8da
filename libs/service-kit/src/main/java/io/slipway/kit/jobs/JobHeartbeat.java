package io.slipway.kit.jobs;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Renews a lease for as long as it is open, and interrupts the run when the job is cancelled or
 * lost. While the database is out of reach it keeps trying: whether the job is still ours, only the
 * database can say.
 */
final class JobHeartbeat implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(JobHeartbeat.class);

  private final Jobs jobs;
  private final JobRun run;
  private final JobProperties properties;
  private final Thread worker;
  private final CountDownLatch closed = new CountDownLatch(1);

  JobHeartbeat(Jobs jobs, JobRun run, JobProperties properties, Thread worker) {
    this.jobs = jobs;
    this.run = run;
    this.properties = properties;
    this.worker = worker;
    var _ = Thread.ofVirtual().name("heartbeat-" + run.job().id()).start(this::beat);
  }

  private void beat() {
    try {
      while (!closed.await(properties.heartbeat().toMillis(), TimeUnit.MILLISECONDS)) {
        if (!renew()) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean renew() {
    try {
      if (!jobs.renew(run.lease(), properties.lease())) {
        return true;
      }
      run.markCancelled();
    } catch (LostLeaseException e) {
      run.markLost();
    } catch (DataAccessException | TransactionException e) {
      log.warn("{}: cannot renew its lease: {}", run.job().name(), e.getMessage());
      return true;
    }
    interruptRun();
    return false;
  }

  private synchronized void interruptRun() {
    if (closed.getCount() > 0) {
      worker.interrupt();
    }
  }

  /** Lets a beat that is under way come to its end: an interrupt would break its connection. */
  @Override
  public synchronized void close() {
    closed.countDown();
  }
}
