package io.slipway.models.task;

import io.slipway.models.generation.FinishReason;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a model wrote.
 *
 * @param text with the prompt before it where that was asked for
 * @param prompt the prompt's tokens, where they were asked for
 * @param tokens the new ones
 * @param seed that it was drawn with; empty when it was not drawn
 */
public record GeneratedText(
    String text,
    List<GeneratedToken> prompt,
    List<GeneratedToken> tokens,
    FinishReason finishReason,
    OptionalLong seed) {

  public GeneratedText {
    prompt = List.copyOf(prompt);
    tokens = List.copyOf(tokens);
  }

  /** How probable its tokens are on average; not a number without log-probabilities. */
  double meanLogProbability() {
    return tokens.stream()
        .mapToDouble(GeneratedToken::logProbability)
        .average()
        .orElse(Double.NEGATIVE_INFINITY);
  }
}
