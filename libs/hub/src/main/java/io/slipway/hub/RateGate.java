package io.slipway.hub;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Holds back all requests of one kind while the hub's window for them is used up. */
final class RateGate {

  private final Clock clock;
  private final Pause pause;
  private Instant opens = Instant.MIN;

  RateGate(Clock clock, Pause pause) {
    this.clock = clock;
    this.pause = pause;
  }

  synchronized void closeFor(Duration duration) {
    Instant until = clock.instant().plus(duration);
    opens = until.isAfter(opens) ? until : opens;
  }

  private synchronized Duration timeUntilOpen() {
    Instant now = clock.instant();
    return opens.isAfter(now) ? Duration.between(now, opens) : Duration.ZERO;
  }

  /**
   * Waits until the gate is open; returns how much of {@code patience} is left.
   *
   * @throws HubException.RateLimited at once when that takes longer than {@code patience}
   */
  Duration await(Duration patience) throws InterruptedException {
    Duration wait = timeUntilOpen();
    if (wait.isZero()) {
      return patience;
    }
    if (wait.compareTo(patience) > 0) {
      throw new HubException.RateLimited(wait);
    }
    pause.sleep(wait);
    return patience.minus(wait);
  }
}
