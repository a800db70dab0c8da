package io.slipway.hub;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A model repository at one commit. Listings leave most of it out.
 *
 * @param sha the commit
 * @param config parts of {@code config.json}; a null node where not known
 * @param safetensors number of parameters by type, as {@code {parameters: {F32: n}, total: n}}; a
 *     null node where not known
 * @param files in the repository's order
 * @param unsafeNames names of files that must not be used as paths, and are therefore not in {@code
 *     files}
 */
public record ModelInfo(
    RepositoryId id,
    @Nullable String sha,
    @Nullable Instant createdAt,
    @Nullable Instant lastModified,
    boolean isPrivate,
    Gating gating,
    long downloads,
    long likes,
    ModelCard card,
    JsonNode config,
    JsonNode safetensors,
    List<RepositoryFile> files,
    List<String> unsafeNames) {

  public ModelInfo {
    files = List.copyOf(files);
    unsafeNames = List.copyOf(unsafeNames);
  }

  public Optional<RepositoryFile> file(String path) {
    return files.stream().filter(file -> file.path().equals(path)).findFirst();
  }
}
