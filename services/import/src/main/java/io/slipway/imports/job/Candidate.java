package io.slipway.imports.job;

import io.slipway.artifacts.StoredFile;
import io.slipway.registry.ModelId;
import io.slipway.registry.VersionOrigin;
import java.util.List;

/**
 * A checkpoint that has entered the store and is yet to be verified.
 *
 * @param files their blobs are in the artifact store
 * @param task a pipeline tag that its origin claims for it; empty for none
 */
record Candidate(ModelId model, List<StoredFile> files, VersionOrigin origin, String task) {}
