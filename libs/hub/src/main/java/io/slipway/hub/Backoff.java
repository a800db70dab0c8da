package io.slipway.hub;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Counts failures in a row and pauses longer after each. */
final class Backoff {

  private final HubClientSettings.Retries retries;
  private final Pause pause;
  private int failures;

  Backoff(HubClientSettings.Retries retries, Pause pause) {
    this.retries = retries;
    this.pause = pause;
  }

  /**
   * Pauses before the next attempt, at least {@code atLeast} but never longer than the longest
   * pause.
   *
   * @throws HubException the given one when there are no attempts left
   */
  void failed(HubException giveUp, Duration atLeast) throws InterruptedException {
    failures++;
    if (failures >= retries.attempts()) {
      throw giveUp;
    }
    long doubled = retries.firstPause().toMillis() << Math.min(failures - 1, 20);
    long wanted = Math.max(jittered(doubled), atLeast.toMillis());
    pause.sleep(Duration.ofMillis(Math.min(wanted, retries.longestPause().toMillis())));
  }

  /** Starts counting anew, because something arrived. */
  void progressed() {
    failures = 0;
  }

  /** Between half and all of {@code millis}, so that many clients do not come back together. */
  private static long jittered(long millis) {
    return millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1);
  }
}
