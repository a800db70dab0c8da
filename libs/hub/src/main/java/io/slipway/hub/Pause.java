package io.slipway.hub;

import java.time.Duration;

/** Waits; a test may only note for how long. */
@FunctionalInterface
interface Pause {

  void sleep(Duration duration) throws InterruptedException;
}
