package io.slipway.kit.jobs;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How a service runs its jobs.
 *
 * @param concurrency jobs of one kind that one process runs at a time
 * @param lease after this long without a sign of life another process takes a job over
 * @param heartbeat time between signs of life; also how soon a run learns that it is cancelled
 * @param poll how often a process with room looks for work that it was not told of
 * @param maxAttempts a job that has been taken so often without an end is given up
 * @param retryDelay before the second attempt after a transient failure; it doubles with each
 *     further one, up to a minute
 * @param watchInterval how often a watched job is looked at for changes
 */
@ConfigurationProperties("slipway.jobs")
public record JobProperties(
    @DefaultValue("4") int concurrency,
    @DefaultValue("15s") Duration lease,
    @DefaultValue("2s") Duration heartbeat,
    @DefaultValue("1s") Duration poll,
    @DefaultValue("8") int maxAttempts,
    @DefaultValue("2s") Duration retryDelay,
    @DefaultValue("200ms") Duration watchInterval) {

  private static final Duration LONGEST_DELAY = Duration.ofMinutes(1);

  Duration retryDelayAfter(int attempt) {
    Duration delay = retryDelay.multipliedBy(1L << Math.min(attempt - 1, 16));
    return delay.compareTo(LONGEST_DELAY) < 0 ? delay : LONGEST_DELAY;
  }
}
