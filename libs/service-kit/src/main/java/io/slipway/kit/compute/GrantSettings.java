package io.slipway.kit.compute;

import java.time.Duration;

/**
 * How compute is held.
 *
 * @param timeToLive compute outlives the last sign of life of its holder by this much
 * @param patience longest wait for compute that answers, at the start and whenever it has been lost
 * @param callTimeout how long one call to {@code deployment} may take
 */
public record GrantSettings(Duration timeToLive, Duration patience, Duration callTimeout) {

  public GrantSettings {
    if (!timeToLive.isPositive() || !callTimeout.isPositive() || patience.isNegative()) {
      throw new IllegalArgumentException(
          ("time to live is %s, call timeout %s, patience %s: expected times above 0, and a"
                  + " patience that is not negative")
              .formatted(timeToLive, callTimeout, patience));
    }
  }

  /** A third of the time to live leaves two more tries. */
  Duration renewal() {
    return timeToLive.dividedBy(3);
  }

  /** Between tries to renew while {@code deployment} does not answer. */
  Duration retry() {
    return timeToLive.dividedBy(12);
  }
}
