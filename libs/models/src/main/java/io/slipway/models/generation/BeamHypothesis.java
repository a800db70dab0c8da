package io.slipway.models.generation;

/**
 * A sequence that a beam search has found.
 *
 * @param ids new tokens, with the stop token that may have ended them
 * @param score its log-probability, divided by its length to the power of the length penalty
 */
@SuppressWarnings("ArrayRecordComponent")
public record BeamHypothesis(long[] ids, double score, FinishReason finishReason) {}
