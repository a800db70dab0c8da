package io.slipway.kit.jobs;

/** The user has asked the job to stop, and its run does. */
public final class JobCancelledException extends RuntimeException {

  JobCancelledException(String jobName) {
    super(jobName + " was asked to stop.");
  }
}
