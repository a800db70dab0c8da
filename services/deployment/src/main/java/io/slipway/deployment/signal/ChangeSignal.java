package io.slipway.deployment.signal;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/** Something has changed: the loop looks now instead of at its next interval. */
@Component
public class ChangeSignal {

  private final Semaphore changes = new Semaphore(0);

  /** To be called after the change has been committed. */
  public void raise() {
    changes.release();
  }

  /** Waits for a change, but no longer than this. All changes so far are then taken as seen. */
  public void await(Duration longest) throws InterruptedException {
    if (changes.tryAcquire(longest.toMillis(), TimeUnit.MILLISECONDS)) {
      changes.drainPermits();
    }
  }
}
