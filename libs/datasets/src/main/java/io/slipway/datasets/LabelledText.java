package io.slipway.datasets;

/** A row as a text classifier sees it. */
public record LabelledText(String text, String label) {}
