package io.slipway.imports;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Directories for content.
 *
 * @param root of the artifact store, shared with workers and trainers
 * @param checkouts cache of directories of links into the store
 */
@ConfigurationProperties("slipway.artifacts")
public record ArtifactProperties(Path root, Path checkouts) {}
