package io.slipway.deployment.worker;

import java.time.Instant;

/**
 * A run that a trainer was given.
 *
 * @param grant name of the grant that it fulfils
 * @param started whether the trainer has reported it
 */
public record Assignment(String grant, String job, int attempt, Instant time, boolean started) {

  Assignment begun() {
    return new Assignment(grant, job, attempt, time, true);
  }
}
