package io.slipway.evaluation;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How evaluations run.
 *
 * @param batchRows rows in one call to a worker
 * @param batchesInFlight calls to workers that one evaluation has open at a time
 * @param batchTimeout how long one call to a worker may take
 * @param modelTimeout how long an evaluation waits for a worker that has its model loaded
 * @param grantTimeToLive how long compute stays granted to an evaluation that is not heard of
 * @param callTimeout how long a call to another service may take
 * @param progressInterval shortest time between two reports of progress
 * @param pinSweep how often pins of evaluations that have ended are let go
 */
@ConfigurationProperties("slipway.evaluation")
public record EvaluationProperties(
    @DefaultValue("32") int batchRows,
    @DefaultValue("4") int batchesInFlight,
    @DefaultValue("60s") Duration batchTimeout,
    @DefaultValue("3m") Duration modelTimeout,
    @DefaultValue("60s") Duration grantTimeToLive,
    @DefaultValue("10s") Duration callTimeout,
    @DefaultValue("250ms") Duration progressInterval,
    @DefaultValue("1s") Duration pinSweep) {

  public EvaluationProperties {
    if (batchRows < 1 || batchesInFlight < 1) {
      throw new IllegalArgumentException(
          "slipway.evaluation.batch-rows is %d and batches-in-flight is %d: expected at least 1"
              .formatted(batchRows, batchesInFlight));
    }
  }
}
