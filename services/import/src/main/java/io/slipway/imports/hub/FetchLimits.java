package io.slipway.imports.hub;

import io.slipway.artifacts.ArtifactStore;
import io.slipway.artifacts.Digest;
import io.slipway.hub.RepositoryFile;
import io.slipway.imports.ArtifactProperties;
import io.slipway.imports.ImportProperties;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.SlipwayException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.springframework.stereotype.Component;

/** Refuses models that are too large, before anything of them is fetched. */
@Component
class FetchLimits {

  private final ArtifactStore store;
  private final ArtifactProperties artifacts;
  private final ImportProperties limits;

  FetchLimits(ArtifactStore store, ArtifactProperties artifacts, ImportProperties limits) {
    this.store = store;
    this.artifacts = artifacts;
    this.limits = limits;
  }

  /**
   * @throws SlipwayException TOO_LARGE, NO_SPACE, or MALFORMED_MODEL when a size is not known
   */
  void check(List<RepositoryFile> files) {
    for (RepositoryFile file : files) {
      if (file.sizeBytes() == RepositoryFile.UNKNOWN_SIZE) {
        throw new SlipwayException(
            ErrorCode.MALFORMED_MODEL, "The hub does not say how long " + file.path() + " is.");
      }
    }
    long total = files.stream().mapToLong(RepositoryFile::sizeBytes).reduce(0, Math::addExact);
    if (total > limits.maxSize().toBytes()) {
      throw new SlipwayException(
          ErrorCode.TOO_LARGE,
          "The model has %d bytes; at most %d are imported (slipway.imports.max-size)."
              .formatted(total, limits.maxSize().toBytes()));
    }
    long missing =
        files.stream().filter(this::isMissing).mapToLong(RepositoryFile::sizeBytes).sum();
    long free = free();
    if (missing > 0 && missing > free - limits.keepFree().toBytes()) {
      throw new SlipwayException(
          ErrorCode.NO_SPACE,
          "The model needs %d bytes more, and the store's disk has %d free, of which %d are kept free (slipway.imports.keep-free)."
              .formatted(missing, free, limits.keepFree().toBytes()));
    }
  }

  private boolean isMissing(RepositoryFile file) {
    String sha256 = file.sha256();
    return sha256 == null || !store.contains(Digest.of(sha256));
  }

  private long free() {
    try {
      return Files.getFileStore(artifacts.root()).getUsableSpace();
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorCode.INTERNAL, "The store's disk cannot be looked at: " + e.getMessage(), e);
    }
  }
}
