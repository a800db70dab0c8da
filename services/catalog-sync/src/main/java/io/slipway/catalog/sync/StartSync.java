package io.slipway.catalog.sync;

import io.slipway.catalog.v1.CreateSyncRequest;
import io.slipway.catalog.v1.Sync;
import io.slipway.catalog.v1.SyncOrder;
import io.slipway.catalog.v1.SyncProgress;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.kit.jobs.Job;
import io.slipway.kit.jobs.JobQueue;
import org.springframework.stereotype.Component;

/** Accepts orders for syncs. */
@Component
public class StartSync {

  private static final int LONGEST_SEARCH = 200;

  private final JobQueue queue;

  StartSync(JobQueue queue) {
    this.queue = queue;
  }

  /**
   * A sync that somebody asks for reads everything anew: downloads and likes change without a
   * modification.
   *
   * @throws SlipwayException INVALID_ARGUMENT, REQUEST_ID_REUSED
   */
  public Job start(CreateSyncRequest request) {
    Sync asked = request.getSync();
    if (asked.getMaxModels() < 0) {
      throw SlipwayException.invalid(
          "sync.max_models is " + asked.getMaxModels() + "; it must not be negative.");
    }
    if (asked.getSearch().length() > LONGEST_SEARCH) {
      throw SlipwayException.invalid(
          "sync.search has %d characters; at most %d are allowed."
              .formatted(asked.getSearch().length(), LONGEST_SEARCH));
    }
    Sync order =
        Sync.newBuilder()
            .setSearch(asked.getSearch().strip())
            .setMaxModels(asked.getMaxModels())
            .build();
    return submit(request, SyncOrder.newBuilder().setSync(order).build());
  }

  /** A sync that nobody asked for, once for each request id. */
  Job startPeriodic(String requestId) {
    return submit(
        CreateSyncRequest.newBuilder().setRequestId(requestId).build(),
        SyncOrder.newBuilder().setChangesOnly(true).build());
  }

  private Job submit(CreateSyncRequest request, SyncOrder order) {
    return queue.submit(
        Syncs.COLLECTION,
        request.getRequestId(),
        request,
        order,
        SyncProgress.getDefaultInstance());
  }
}
