package io.slipway.models.generation.scores;

/**
 * A token and its log-probability, of the model's own scores: before penalties, constraints and
 * temperature.
 */
public record TokenScore(long id, double logProbability) {}
