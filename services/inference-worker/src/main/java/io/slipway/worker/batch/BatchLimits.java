package io.slipway.worker.batch;

import java.time.Duration;

/**
 * How large a batch, and a queue, may become.
 *
 * @param rows inputs in one batch
 * @param tokens rows times the longest row's tokens; one row alone may have more
 * @param padding at most, as a share of the batch's real tokens
 * @param fillTime how long a batch waits to be filled under load
 * @param queue rows that may wait
 */
public record BatchLimits(int rows, int tokens, double padding, Duration fillTime, int queue) {}
