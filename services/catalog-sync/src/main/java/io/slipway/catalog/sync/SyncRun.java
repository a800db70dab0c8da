package io.slipway.catalog.sync;

import io.slipway.catalog.CatalogProperties;
import io.slipway.catalog.HubProperties;
import io.slipway.catalog.model.HubModels;
import io.slipway.catalog.model.ListedModels;
import io.slipway.catalog.v1.SyncOrder;
import io.slipway.catalog.v1.SyncProgress;
import io.slipway.hub.ModelPage;
import io.slipway.kit.jobs.JobHandler;
import io.slipway.kit.jobs.JobOutcome;
import io.slipway.kit.jobs.JobRun;
import io.slipway.kit.jobs.JobStatuses;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Reads the hub's listing page by page. A page's models and the place of the next page are written
 * in one transaction, which fails for an attempt that has lost the job: who takes over goes on
 * exactly there. Nothing is ever removed, since no listing proves that a model is gone.
 */
@Component
class SyncRun implements JobHandler {

  /** The hub's clock is not ours, and its listing may lag behind. */
  private static final Duration MARGIN = Duration.ofMinutes(10);

  private final HubListing listing;
  private final HubModels models;
  private final CrawlWatermarks watermarks;
  private final HubProperties hub;
  private final CatalogProperties properties;
  private final TransactionTemplate transaction;
  private final Clock clock;

  SyncRun(
      HubListing listing,
      HubModels models,
      CrawlWatermarks watermarks,
      HubProperties hub,
      CatalogProperties properties,
      TransactionTemplate transaction,
      Clock clock) {
    this.listing = listing;
    this.models = models;
    this.watermarks = watermarks;
    this.hub = hub;
    this.properties = properties;
    this.transaction = transaction;
    this.clock = clock;
  }

  @Override
  public String collection() {
    return Syncs.COLLECTION;
  }

  @Override
  public JobOutcome run(JobRun run) throws InterruptedException {
    SyncOrder order = run.job().spec(SyncOrder.parser());
    int asked = order.getSync().getMaxModels();
    int limit = asked == 0 ? properties.maxModels() : asked;
    SyncProgress progress = begin(run, order);
    while (!progress.getComplete()) {
      progress = store(run, progress, listing.page(order, progress), limit);
    }
    return outcome(order, progress);
  }

  private SyncProgress begin(JobRun run, SyncOrder order) {
    SyncProgress progress = run.job().detail(SyncProgress.parser());
    if (progress.hasCrawlTime()) {
      return progress;
    }
    SyncProgress.Builder first =
        SyncProgress.newBuilder().setCrawlTime(JobStatuses.timestamp(clock.instant()));
    if (order.getChangesOnly()) {
      watermarks
          .knownUntil(hub.endpoint())
          .ifPresent(time -> first.setKnownUntil(JobStatuses.timestamp(time)));
    }
    run.report(first.build());
    return first.build();
  }

  private SyncProgress store(JobRun run, SyncProgress before, ModelPage page, int limit) {
    PageCut cut = PageCut.of(page, before, limit);
    return transaction.execute(
        status -> {
          int changed = models.put(cut.models().stream().map(ListedModels::read).toList());
          SyncProgress progress =
              before.toBuilder()
                  .setModelsSeen(before.getModelsSeen() + cut.models().size())
                  .setModelsChanged(before.getModelsChanged() + changed)
                  .setCursor(page.nextCursor().orElse(""))
                  .setExhausted(cut.exhausted())
                  .setComplete(cut.complete())
                  .build();
          run.report(progress);
          return progress;
        });
  }

  private JobOutcome outcome(SyncOrder order, SyncProgress progress) {
    boolean whole = progress.getExhausted() && order.getSync().getSearch().isEmpty();
    Instant begin = Instant.ofEpochSecond(progress.getCrawlTime().getSeconds());
    return new JobOutcome(
        progress,
        () -> {
          if (whole) {
            watermarks.advance(hub.endpoint(), begin.minus(MARGIN));
          }
        });
  }
}
