package io.slipway.worker.batch;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What is measured of batches. */
public final class BatchMeters {

  private final DistributionSummary rows;
  private final DistributionSummary padding;
  private final Timer queue;
  private final Timer compute;

  public BatchMeters(MeterRegistry meters) {
    this.rows = meters.summary("slipway.worker.batch.rows");
    this.padding = meters.summary("slipway.worker.batch.padding");
    this.queue = meters.timer("slipway.worker.queue");
    this.compute = meters.timer("slipway.worker.compute");
  }

  void begin(List<Row> batch) {
    rows.record(batch.size());
    padding.record(BatchPlan.padding(batch));
    long now = System.nanoTime();
    batch.forEach(row -> queue.record(now - row.queuedNanos(), TimeUnit.NANOSECONDS));
  }

  void computed(long nanos) {
    compute.record(nanos, TimeUnit.NANOSECONDS);
  }
}
