package io.slipway.hub;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** Closes a body that nothing has arrived from for too long, so that its reader does not hang. */
final class IdleGuard implements AutoCloseable {

  private final InputStream body;
  private final Thread watcher;
  private volatile long lastArrival = System.nanoTime();

  IdleGuard(InputStream body, Duration limit) {
    this.body = body;
    this.watcher = Thread.ofVirtual().name("hub-idle-guard").start(() -> watch(limit.toNanos()));
  }

  void arrived() {
    lastArrival = System.nanoTime();
  }

  private void watch(long limitNanos) {
    try {
      long left = limitNanos;
      while (left > 0) {
        Thread.sleep(Duration.ofNanos(left));
        left = limitNanos - (System.nanoTime() - lastArrival);
      }
      body.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      // The reader meets the same failure and reports it.
    }
  }

  @Override
  public void close() {
    watcher.interrupt();
  }
}
