package io.slipway.kit.jobs;

import com.google.protobuf.Message;

/** One attempt at a job, as its handler sees it. */
public final class JobRun {

  private final Job job;
  private final JobLease lease;
  private final Jobs jobs;
  private volatile boolean cancelled;
  private volatile boolean lost;

  JobRun(Job job, JobLease lease, Jobs jobs) {
    this.job = job;
    this.lease = lease;
    this.jobs = jobs;
  }

  /**
   * The job as it was when this attempt took it; its detail is where an earlier attempt has left
   * it.
   */
  public Job job() {
    return job;
  }

  /** Counts from 1. Goes with every effect outside the service's own database. */
  public int attempt() {
    return lease.attempt();
  }

  /**
   * Replaces the job's detail.
   *
   * @throws LostLeaseException when another attempt has taken the job
   * @throws JobCancelledException when the user has asked the job to stop
   */
  public void report(Message detail) {
    cancelled |= jobs.updateDetail(lease, detail);
    checkCancelled();
  }

  /**
   * To be called between steps that do not report.
   *
   * @throws LostLeaseException when another attempt has taken the job
   * @throws JobCancelledException when the user has asked the job to stop
   */
  public void checkCancelled() {
    if (lost) {
      throw new LostLeaseException(lease);
    }
    if (cancelled) {
      throw new JobCancelledException(job.name());
    }
  }

  JobLease lease() {
    return lease;
  }

  boolean isCancelled() {
    return cancelled;
  }

  boolean isLost() {
    return lost;
  }

  void markCancelled() {
    cancelled = true;
  }

  void markLost() {
    lost = true;
  }
}
