package io.slipway.kit.jobs;

/**
 * This process no longer holds the job: a newer attempt does, or the job has ended. Its run stops
 * without a trace.
 */
public final class LostLeaseException extends RuntimeException {

  LostLeaseException(JobLease lease) {
    super("Attempt " + lease.attempt() + " no longer holds job " + lease.jobId() + ".");
  }
}
