package io.slipway.deployment.placement;

import java.util.Set;

/**
 * A worker that takes models.
 *
 * @param memoryBytes what its models may use in all
 * @param models what it has been given before
 * @param ready those of them that answer
 */
public record WorkerRoom(
    String worker, Hardware hardware, long memoryBytes, Set<String> models, Set<String> ready) {}
