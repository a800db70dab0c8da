package io.slipway.imports;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How models are imported.
 *
 * @param maxSize the largest model that is downloaded
 * @param keepFree free disk that a download must leave
 * @param parallelDownloads files of one import that arrive at the same time
 * @param progressInterval how often progress is written down
 * @param smokeRunPatience how long a worker may take to load the model
 */
@ConfigurationProperties("slipway.imports")
public record ImportProperties(
    @DefaultValue("200GB") DataSize maxSize,
    @DefaultValue("1GB") DataSize keepFree,
    @DefaultValue("3") int parallelDownloads,
    @DefaultValue("250ms") Duration progressInterval,
    @DefaultValue("5m") Duration smokeRunPatience) {}
