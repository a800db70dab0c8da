package io.slipway.finetune.run;

import io.slipway.deployment.v1.Grant;
import io.slipway.kit.compute.GrantedCompute;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.SlipwayException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * A trainer held for one attempt at a job: looked at while the attempt waits, let go of when it
 * ends. Used by one thread.
 */
final class TrainerHold implements AutoCloseable {

  private final GrantedCompute granted;
  private final Duration interval;
  private final Clock clock;
  private Instant nextLook;

  /**
   * @param interval between two looks
   */
  TrainerHold(GrantedCompute granted, Duration interval, Clock clock) {
    this.granted = granted;
    this.interval = interval;
    this.clock = clock;
    this.nextLook = clock.instant().plus(interval);
  }

  /**
   * To be called often; looks at the trainer when it is time.
   *
   * @throws SlipwayException WORKER_LOST when the trainer is gone, NO_COMPUTE when none has come
   */
  void check() {
    Instant now = clock.instant();
    if (now.isBefore(nextLook)) {
      return;
    }
    nextLook = now.plus(interval);
    granted.refresh();
    try {
      granted.check();
    } catch (SlipwayException gone) {
      throw mayBeTriedAgain(gone);
    }
  }

  /** However a trainer has died, the next one goes on at the last checkpoint. */
  private SlipwayException mayBeTriedAgain(SlipwayException gone) {
    Grant grant = granted.grant();
    if (grant.getState() != Grant.State.STATE_FAILED || gone.code() == ErrorCode.NO_COMPUTE) {
      return gone;
    }
    return new SlipwayException(
        ErrorCode.WORKER_LOST,
        "The trainer of " + grant.getHolder() + " is gone: " + gone.reason() + ".",
        gone);
  }

  /** Stops the trainer, if it still runs. */
  @Override
  public void close() {
    granted.close();
  }
}
