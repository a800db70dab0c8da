package io.slipway.evaluation.job;

import io.slipway.evaluation.v1.Evaluation;
import io.slipway.kit.jobs.Job;
import io.slipway.kit.jobs.JobStatuses;

/**
 * An evaluation as a resource and as a job: the job's spec holds what was asked, its detail only
 * the output fields.
 */
final class Evaluations {

  private Evaluations() {}

  static Evaluation of(Job job) {
    return job.spec(Evaluation.parser()).toBuilder()
        .mergeFrom(job.detail(Evaluation.parser()))
        .setName(job.name())
        .setStatus(JobStatuses.of(job))
        .build();
  }

  /** What was asked, with the version that it is now about. */
  static Evaluation spec(Evaluation asked, String modelVersion) {
    return asked.toBuilder()
        .clearName()
        .clearStatus()
        .clearRowsDone()
        .clearRowsTotal()
        .clearReport()
        .setModelVersion(modelVersion)
        .build();
  }

  static Evaluation progress(long rowsDone, long rowsTotal) {
    return Evaluation.newBuilder().setRowsDone(rowsDone).setRowsTotal(rowsTotal).build();
  }
}
