package io.slipway.catalog.model;

import io.slipway.modelfiles.Verdict;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model of the hub as it was last seen. Texts that the hub does not give are empty.
 *
 * @param id the hub's id: owner/model
 * @param sha commit of its main revision
 * @param license such as {@code apache-2.0}
 * @param lastModified null when the hub does not say
 * @param description one paragraph of plain text
 */
public record CatalogEntry(
    String id,
    String sha,
    String pipelineTag,
    String libraryName,
    String license,
    List<String> tags,
    long downloads,
    long likes,
    boolean gated,
    @Nullable Instant lastModified,
    String description,
    Verdict verdict) {

  public CatalogEntry {
    tags = List.copyOf(tags);
  }
}
