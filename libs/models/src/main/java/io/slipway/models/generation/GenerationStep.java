package io.slipway.models.generation;

import io.slipway.models.generation.scores.ScoredToken;
import java.util.List;
import java.util.Optional;

/**
 * What a step has added to a sequence.
 *
 * @param id of its request
 * @param prompt the prompt's tokens, in the first step of a request that asks for them
 * @param token the new one; empty where only the prompt was read, or the sequence was cancelled
 * @param text that is now sure and cannot be part of a stop string; often empty
 * @param finished why the sequence has ended, if it has
 */
public record GenerationStep(
    long id,
    List<ScoredToken> prompt,
    Optional<ScoredToken> token,
    String text,
    Optional<FinishReason> finished) {

  public GenerationStep {
    prompt = List.copyOf(prompt);
  }
}
