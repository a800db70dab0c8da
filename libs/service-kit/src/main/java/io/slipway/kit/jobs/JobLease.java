package io.slipway.kit.jobs;

/**
 * The right to write to a running job. A lease is good for one attempt: once another process has
 * taken the job, every write under it is refused with {@link LostLeaseException}.
 */
record JobLease(String jobId, int attempt, String owner) {}
