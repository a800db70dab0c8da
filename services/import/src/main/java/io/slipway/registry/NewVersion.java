package io.slipway.registry;

import io.slipway.artifacts.Digest;
import io.slipway.artifacts.StoredFile;
import java.util.Comparator;
import java.util.List;

/**
 * A verified checkpoint that is to become a version.
 *
 * @param task pipeline tag
 * @param architecture config.json's model_type
 * @param labels class labels by index; empty where the model has none
 * @param files their blobs are in the artifact store
 * @param importName imports/{id}
 * @param smokeRun whether a worker has loaded it and answered a sample
 */
public record NewVersion(
    ModelId model,
    String task,
    String architecture,
    List<String> labels,
    long parameterCount,
    List<StoredFile> files,
    String importName,
    VersionOrigin origin,
    boolean smokeRun) {

  public NewVersion {
    labels = List.copyOf(labels);
    files = List.copyOf(files);
  }

  long sizeBytes() {
    return files.stream().mapToLong(StoredFile::sizeBytes).sum();
  }

  /** Equal for the same files under the same paths, in whatever order. */
  Digest contentDigest() {
    StringBuilder content = new StringBuilder();
    files.stream()
        .sorted(Comparator.comparing(StoredFile::path))
        .forEach(
            file -> content.append(file.path()).append('\0').append(file.digest()).append('\n'));
    return Digest.ofText(content.toString());
  }
}
