package io.slipway.worker.batch;

import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.modelfiles.tokenizer.TokenizedText;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The queue of one model, and the thread that empties it batch by batch. The thread only waits; the
 * computing is done by the device's own.
 */
public final class Batcher implements AutoCloseable {

  private final BatchModel model;
  private final BatchLimits limits;
  private final BatchMeters meters;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  // Oldest first; rows leave from anywhere.
  private final Set<Row> waiting = new LinkedHashSet<>();
  private final Thread thread;
  private boolean closed;

  public Batcher(String name, BatchModel model, BatchLimits limits, BatchMeters meters) {
    this.model = model;
    this.limits = limits;
    this.meters = meters;
    this.thread = Thread.ofVirtual().name("batches-" + name).start(this::run);
  }

  /**
   * Queues the inputs of a request.
   *
   * @throws SlipwayException QUEUE_FULL; none of them is queued then
   */
  public PendingRows submit(List<TokenizedText> texts) {
    PendingRows request = new PendingRows(texts.size(), this::withdraw);
    long now = System.nanoTime();
    lock.lock();
    try {
      if (closed) {
        throw new SlipwayException(ErrorCode.UNAVAILABLE, "The model is being unloaded.");
      }
      if (waiting.size() + texts.size() > limits.queue()) {
        throw new SlipwayException(
            ErrorCode.QUEUE_FULL,
            "%d inputs wait for this model, and %d more would pass the limit of %d. Try again."
                .formatted(waiting.size(), texts.size(), limits.queue()));
      }
      for (int i = 0; i < texts.size(); i++) {
        waiting.add(new Row(request, i, texts.get(i), now));
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    return request;
  }

  private void withdraw(PendingRows request) {
    lock.lock();
    try {
      waiting.removeIf(row -> row.request() == request);
    } finally {
      lock.unlock();
    }
  }

  /** Rows that wait. */
  public int waiting() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    try {
      for (List<Row> batch = next(); !batch.isEmpty(); batch = next()) {
        compute(batch);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      failRest(e);
    }
  }

  /**
   * @return the next batch; empty when closed and all is done
   */
  private List<Row> next() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      // Rows that have come while the last batch ran are a sign of load: then more will come soon.
      long wait = waiting.isEmpty() ? 0 : limits.fillTime().toNanos();
      while (!closed && wait > 0 && waiting.size() < limits.rows()) {
        wait = changed.awaitNanos(wait);
      }
      while (waiting.isEmpty()) {
        if (closed) {
          return List.of();
        }
        changed.await();
      }
      List<Row> batch = BatchPlan.choose(List.copyOf(waiting), limits);
      batch.forEach(waiting::remove);
      return batch;
    } finally {
      lock.unlock();
    }
  }

  private void compute(List<Row> batch) throws InterruptedException {
    List<Row> live = batch.stream().filter(row -> !row.request().isOver()).toList();
    if (live.isEmpty()) {
      return;
    }
    meters.begin(live);
    try {
      float[][] outputs = measured(live);
      for (int i = 0; i < live.size(); i++) {
        live.get(i).request().answer(live.get(i).index(), outputs[i]);
      }
    } catch (InterruptedException e) {
      live.forEach(row -> row.request().fail(e));
      throw e;
    } catch (RuntimeException | OutOfMemoryError e) {
      // Its callers get it; JavaCPP says with OutOfMemoryError that native memory is used up.
      live.forEach(row -> row.request().fail(e));
    }
  }

  /** Runs a batch; its time is noted before anyone has an answer. */
  private float[][] measured(List<Row> batch) throws InterruptedException {
    long begin = System.nanoTime();
    try {
      return model.run(batch.stream().map(Row::text).toList());
    } finally {
      meters.computed(System.nanoTime() - begin);
    }
  }

  private void failRest(InterruptedException cause) {
    lock.lock();
    try {
      waiting.forEach(row -> row.request().fail(cause));
      waiting.clear();
    } finally {
      lock.unlock();
    }
  }

  /** Finishes what waits, and takes nothing new. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
