package io.slipway.hub;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a repository says about its model.
 *
 * @param pipelineTag the task, such as {@code text-classification}
 * @param libraryName such as {@code transformers}
 * @param tags tasks, libraries, languages, {@code license:mit}, {@code dataset:imdb} and free words
 * @param data the metadata block of the model card; a null node where it is not known
 */
public record ModelCard(
    @Nullable String pipelineTag, @Nullable String libraryName, List<String> tags, JsonNode data) {

  public ModelCard {
    tags = List.copyOf(tags);
  }
}
