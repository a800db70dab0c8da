package io.slipway.kit.jobs;

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
  private final Thread heart;
  private boolean open = true;

  JobHeartbeat(Jobs jobs, JobRun run, JobProperties properties, Thread worker) {
    this.jobs = jobs;
    this.run = run;
    this.properties = properties;
    this.worker = worker;
    this.heart = Thread.ofVirtual().name("heartbeat-" + run.job().id()).start(this::beat);
  }

  private void beat() {
    try {
      while (true) {
        Thread.sleep(properties.heartbeat());
        if (!renew()) {
          return;
        }
      }
    } catch (InterruptedException closed) {
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
    if (open) {
      worker.interrupt();
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      open = false;
    }
    heart.interrupt();
  }
}
