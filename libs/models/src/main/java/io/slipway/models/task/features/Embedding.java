package io.slipway.models.task.features;

/**
 * A text as one vector.
 *
 * @param tokens of the text as the model read it, special ones included
 */
@SuppressWarnings("ArrayRecordComponent")
public record Embedding(float[] values, int tokens) {}
