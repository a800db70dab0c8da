package io.slipway.datasets.columns;

/** A text and the value that a model is to give it. */
public record ScoredText(String text, double value) {}
