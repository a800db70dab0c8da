package io.slipway.datasets.columns;

/** A text and what shall become of it: its summary, or its translation. */
public record TextPair(String text, String target) {}
