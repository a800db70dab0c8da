package io.slipway.datasets.columns;

import tools.jackson.databind.JsonNode;

/** What a model learns to write. */
public sealed interface WrittenText {

  /** A text, all of which is learned. */
  record Plain(String text) implements WrittenText {}

  /** A text of which the prompt is given and the completion learned. */
  record Completion(String prompt, String completion) implements WrittenText {}

  /**
   * A conversation, of which the assistant's parts are learned.
   *
   * @param messages an array of objects with {@code role} and mostly {@code content}
   */
  record Conversation(JsonNode messages) implements WrittenText {}
}
