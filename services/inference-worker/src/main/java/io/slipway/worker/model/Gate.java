package io.slipway.worker.model;

import java.time.Duration;

/** Counts who is inside, and lets nobody in once it is closed. */
public final class Gate {

  private int inside;
  private boolean closed;

  /**
   * @return false when it is closed; else every entry is followed by one {@link #leave}
   */
  public synchronized boolean enter() {
    if (closed) {
      return false;
    }
    inside++;
    return true;
  }

  public synchronized void leave() {
    inside--;
    notifyAll();
  }

  public synchronized int inside() {
    return inside;
  }

  public synchronized boolean isClosed() {
    return closed;
  }

  public synchronized void close() {
    closed = true;
  }

  /**
   * Waits until nobody is inside.
   *
   * @return false when the patience was over first
   */
  public synchronized boolean awaitEmpty(Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (inside > 0) {
      long rest = end - System.nanoTime();
      if (rest <= 0) {
        return false;
      }
      wait(Math.max(1, rest / 1_000_000));
    }
    return true;
  }
}
