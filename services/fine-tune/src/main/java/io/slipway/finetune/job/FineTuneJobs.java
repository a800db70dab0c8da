package io.slipway.finetune.job;

import io.slipway.finetune.v1.FineTuneJob;
import io.slipway.finetune.v1.FineTuneRun;
import io.slipway.kit.jobs.Job;
import io.slipway.kit.jobs.JobStatuses;

/** Fine-tuning jobs as stored: the spec and the run, and the resource that they make together. */
public final class FineTuneJobs {

  public static final String COLLECTION = "fineTuneJobs";

  private FineTuneJobs() {}

  /** What was asked, with every default filled in. */
  public static FineTuneJob spec(Job job) {
    return job.spec(FineTuneJob.parser());
  }

  /** How far it has come. */
  public static FineTuneRun run(Job job) {
    return job.detail(FineTuneRun.parser());
  }

  static FineTuneJob resource(Job job) {
    return spec(job).toBuilder()
        .mergeFrom(run(job).getOutputs())
        .setName(job.name())
        .setStatus(JobStatuses.of(job))
        .build();
  }
}
