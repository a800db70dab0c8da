package io.slipway.catalog.sync;

import io.slipway.catalog.CatalogProperties;
import io.slipway.kit.identity.Caller;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Orders a sync in each interval. Intervals are counted from 1970, and the order's request id names
 * its interval, so all instances of the service together make one job.
 */
@Component
class PeriodicSync {

  private static final Caller NOBODY = new Caller("public", "services/catalog-sync");

  private final StartSync start;
  private final Duration interval;
  private final Clock clock;
  private Instant ordered = Instant.MIN;

  PeriodicSync(StartSync start, CatalogProperties properties, Clock clock) {
    this.start = start;
    this.interval = properties.syncInterval();
    this.clock = clock;
  }

  @Scheduled(fixedDelay = 1000)
  void orderOnceEachInterval() {
    if (interval.isZero()) {
      return;
    }
    Instant current = beginOfInterval(clock.instant());
    if (!current.equals(ordered)) {
      NOBODY.call(() -> start.startPeriodic("periodic-sync-" + interval + "-" + current));
      ordered = current;
    }
  }

  private Instant beginOfInterval(Instant now) {
    long length = interval.toMillis();
    return Instant.ofEpochMilli(Math.floorDiv(now.toEpochMilli(), length) * length);
  }
}
