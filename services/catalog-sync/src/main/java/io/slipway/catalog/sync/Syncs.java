package io.slipway.catalog.sync;

import io.slipway.catalog.v1.Sync;
import io.slipway.catalog.v1.SyncOrder;
import io.slipway.catalog.v1.SyncProgress;
import io.slipway.kit.jobs.Job;
import io.slipway.kit.jobs.JobStatuses;

/** A sync as a resource and as a job: its spec is an order, its detail the progress. */
public final class Syncs {

  public static final String COLLECTION = "syncs";

  private Syncs() {}

  public static Sync of(Job job) {
    SyncProgress progress = job.detail(SyncProgress.parser());
    return job.spec(SyncOrder.parser()).getSync().toBuilder()
        .setName(job.name())
        .setStatus(JobStatuses.of(job))
        .setModelsSeen(progress.getModelsSeen())
        .setModelsChanged(progress.getModelsChanged())
        .build();
  }
}
