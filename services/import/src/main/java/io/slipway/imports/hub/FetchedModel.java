package io.slipway.imports.hub;

import io.slipway.artifacts.StoredFile;
import java.util.List;

/**
 * A model that has arrived.
 *
 * @param commit 40 hex digits
 * @param files their blobs are in the artifact store
 * @param task the pipeline tag that the hub has for it; empty for none
 */
public record FetchedModel(String commit, List<StoredFile> files, String task) {}
