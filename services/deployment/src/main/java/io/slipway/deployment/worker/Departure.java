package io.slipway.deployment.worker;

/**
 * A worker that has gone.
 *
 * @param byItself whether it was neither told to end nor had announced that it would
 */
public record Departure(ConnectedWorker worker, boolean byItself, String reason) {}
