package io.slipway.models.task;

/** How much a label holds, in the scale of the {@link ScoreFunction} that was applied. */
public record LabelScore(String label, double score) {}
