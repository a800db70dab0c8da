package io.slipway.models.generation;

import io.slipway.models.generation.settings.GenerationSettings;
import java.util.Objects;

/**
 * A sequence to be generated.
 *
 * @param id by which its steps are known; unique among those that run together
 * @param prompt what it begins with: a text for a decoder, the start token for an encoder-decoder;
 *     at least one token
 * @param text of the new tokens; used by this sequence alone
 */
@SuppressWarnings("ArrayRecordComponent")
public record GenerationRequest(
    long id, long[] prompt, GenerationSettings settings, TokenText text) {

  public GenerationRequest {
    if (prompt.length == 0) {
      throw new IllegalArgumentException("the prompt has no token, expected at least one");
    }
    Objects.requireNonNull(settings);
  }

  /** A request for tokens without their text. */
  public static GenerationRequest of(long id, long[] prompt, GenerationSettings settings) {
    return new GenerationRequest(id, prompt, settings, TokenText.NONE);
  }

  /** Tokens that its sequence may come to have; the last new one is never read. */
  public int longest() {
    return prompt.length + Math.max(settings.maxNewTokens(), 1) - 1;
  }
}
