package io.slipway.deployment.endpoint;

import java.time.Instant;
import java.util.Map;

/**
 * What users call.
 *
 * @param name {@code endpoints/{endpoint}}
 * @param traffic percent by deployment
 */
public record ModelEndpoint(
    String name,
    String tenant,
    String displayName,
    Map<String, Integer> traffic,
    Instant createTime) {}
