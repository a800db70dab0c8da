package io.slipway.models.task.answers;

/**
 * An answer that stands in a context; the empty text where the context has none.
 *
 * @param score the probability of the answer, of all its places together
 * @param start its first character in the context, counted in code points, as the reference does
 * @param end after its last character
 */
public record Answer(String answer, double score, int start, int end) {}
