package io.slipway.imports;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Directories for content.
 *
 * @param root of the artifact store, shared with workers and trainers
 * @param checkouts this process's views of stored checkpoints; may be deleted when it does not run
 */
@ConfigurationProperties("slipway.artifacts")
public record ArtifactProperties(Path root, Path checkouts) {}
