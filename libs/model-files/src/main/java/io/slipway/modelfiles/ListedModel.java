package io.slipway.modelfiles;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a hub's listing tells about a model, before anything is downloaded.
 *
 * @param modelType {@code config.model_type}; null when the listing does not give it
 * @param architectures {@code config.architectures}; empty when the listing does not give them
 * @param pipelineTag the task that the hub shows; null when it shows none
 * @param libraryName the library that the repository was made for; null when unknown
 * @param fileNames {@code siblings}; empty when the listing does not give them
 * @param gated whether its owner hands it out only to those who accepted terms
 */
public record ListedModel(
    @Nullable String modelType,
    List<String> architectures,
    @Nullable String pipelineTag,
    @Nullable String libraryName,
    List<String> tags,
    List<String> fileNames,
    boolean gated) {

  public ListedModel {
    architectures = List.copyOf(architectures);
    tags = List.copyOf(tags);
    fileNames = List.copyOf(fileNames);
  }
}
