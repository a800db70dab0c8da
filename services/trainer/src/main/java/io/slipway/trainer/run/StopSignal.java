package io.slipway.trainer.run;

import org.jspecify.annotations.Nullable;

/** Tells a run, between two steps, that it shall end. The first reason stands. */
public final class StopSignal {

  private volatile @Nullable StopReason reason;

  public synchronized void stop(StopReason why) {
    if (reason == null) {
      reason = why;
    }
  }

  boolean isStopped() {
    return reason != null;
  }

  /**
   * @throws RunStoppedException once {@link #stop} was called
   */
  void check() throws RunStoppedException {
    StopReason why = reason;
    if (why != null) {
      throw new RunStoppedException(why);
    }
  }
}
