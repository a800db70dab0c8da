package io.slipway.inference.client;

import java.time.Duration;

/**
 * When a replica is passed over, and how long connections are kept.
 *
 * @param failurePercent a breaker opens when this share of the last calls has failed, 1 to 100
 * @param window how many of a replica's last calls are looked at
 * @param minimumCalls a breaker does not open before so many calls have ended
 * @param openFor how long a replica is passed over before it is tried again
 * @param trialCalls calls let through to find out whether it has recovered
 * @param idle a connection that has not been used for so long is closed
 * @param largestMessage bytes of the largest answer that is taken
 */
public record InferenceClientSettings(
    int failurePercent,
    int window,
    int minimumCalls,
    Duration openFor,
    int trialCalls,
    Duration idle,
    int largestMessage) {

  public static InferenceClientSettings defaults() {
    return new InferenceClientSettings(
        50, 20, 5, Duration.ofSeconds(5), 2, Duration.ofMinutes(5), 8 << 20);
  }

  public InferenceClientSettings withBreaker(
      int newFailurePercent,
      int newWindow,
      int newMinimumCalls,
      Duration newOpenFor,
      int newTrialCalls) {
    return new InferenceClientSettings(
        newFailurePercent,
        newWindow,
        newMinimumCalls,
        newOpenFor,
        newTrialCalls,
        idle,
        largestMessage);
  }

  public InferenceClientSettings withIdle(Duration newIdle) {
    return new InferenceClientSettings(
        failurePercent, window, minimumCalls, openFor, trialCalls, newIdle, largestMessage);
  }
}
