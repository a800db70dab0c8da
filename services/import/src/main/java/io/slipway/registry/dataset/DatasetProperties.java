package io.slipway.registry.dataset;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What an upload may cost.
 *
 * @param maxSize the largest file
 * @param concurrentUploads of one process
 */
@ConfigurationProperties("slipway.datasets")
record DatasetProperties(
    @DefaultValue("1GB") DataSize maxSize, @DefaultValue("8") int concurrentUploads) {}
