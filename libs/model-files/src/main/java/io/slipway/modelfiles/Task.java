package io.slipway.modelfiles;

import java.util.Arrays;
import java.util.Optional;

/** What a model is for, in the Hub's terms. */
public enum Task {
  FILL_MASK("fill-mask"),
  TOKEN_CLASSIFICATION("token-classification"),
  QUESTION_ANSWERING("question-answering"),
  SUMMARIZATION("summarization"),
  TEXT_GENERATION("text-generation"),
  TEXT_CLASSIFICATION("text-classification"),
  TRANSLATION("translation"),
  IMAGE_CLASSIFICATION("image-classification"),
  TEXT_TO_IMAGE("text-to-image"),
  FEATURE_EXTRACTION("feature-extraction");

  private final String pipelineTag;

  Task(String pipelineTag) {
    this.pipelineTag = pipelineTag;
  }

  /** The Hub's name of the task, such as {@code text-classification}. */
  public String pipelineTag() {
    return pipelineTag;
  }

  /** Whether its answers are labels of the model's own. */
  public boolean hasLabels() {
    return this == TEXT_CLASSIFICATION
        || this == TOKEN_CLASSIFICATION
        || this == IMAGE_CLASSIFICATION;
  }

  /** Empty for a tag of a task that the platform does not know. */
  public static Optional<Task> ofPipelineTag(String pipelineTag) {
    return Arrays.stream(values()).filter(task -> task.pipelineTag.equals(pipelineTag)).findFirst();
  }
}
