package io.slipway.registry.lineage;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How events are projected and looked up.
 *
 * @param group consumer group, and the consumer's name in the inbox: another one reads everything
 *     again
 * @param maxDepth how many steps back a lineage goes
 */
@ConfigurationProperties("slipway.lineage")
record LineageProperties(
    @DefaultValue("import-lineage") String group, @DefaultValue("64") int maxDepth) {}
