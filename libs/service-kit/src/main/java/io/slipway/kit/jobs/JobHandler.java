package io.slipway.kit.jobs;

import com.google.rpc.Status;

/** Does the work of one kind of job. A service has one bean for each kind that it owns. */
public interface JobHandler {

  /** The jobs' collection: {@code imports} for {@code imports/{id}}. */
  String collection();

  /**
   * Does the work, or goes on with it where an earlier attempt has left it, and says what it came
   * to. It may be run more than once, and while a process that has stalled still believes that it
   * runs the job; so every outside effect is either repeatable or fenced with {@link
   * JobRun#attempt}. The thread is interrupted when the job is cancelled or lost.
   *
   * @throws io.slipway.kit.errors.SlipwayException to fail the job; when its code is transient, the
   *     job is put back and tried again after a while
   */
  JobOutcome run(JobRun run) throws InterruptedException;

  /** Called in the transaction in which the job becomes FAILED, to publish the fact. */
  default void onFailed(Job job, Status error) {}
}
