package io.slipway.models.training.language;

/**
 * A text and what shall become of it: its summary, or its translation.
 *
 * @param source to be read
 * @param target to be written
 */
public record TextPair(String source, String target) {}
