package io.slipway.models.training.language;

import java.util.List;

/**
 * A text to learn to write, or of which some parts only are learned and the others given.
 *
 * @param learned parts that count in the loss
 * @param framed whether the tokenizer adds its special tokens; false where the text has them
 *     already, as rendered conversations do
 */
public record LearnedText(String text, List<Part> learned, boolean framed) {

  public LearnedText {
    learned = List.copyOf(learned);
  }

  /**
   * A part of a text.
   *
   * @param start counted in characters (code points)
   * @param end exclusive
   */
  public record Part(int start, int end) {}

  /** All of it is learned. */
  public static LearnedText of(String text) {
    return new LearnedText(text, List.of(new Part(0, length(text))), true);
  }

  /** What follows a prompt is learned. */
  public static LearnedText completion(String prompt, String completion) {
    int start = length(prompt);
    return new LearnedText(
        prompt + completion, List.of(new Part(start, start + length(completion))), true);
  }

  /** A conversation as the model's template renders it, of which the assistant's parts count. */
  public static LearnedText conversation(String rendered, List<Part> learned) {
    return new LearnedText(rendered, learned, false);
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}
