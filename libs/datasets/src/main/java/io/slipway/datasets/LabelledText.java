package io.slipway.datasets;

/**
 * A row as a text classifier sees it.
 *
 * @param label of a multi-label mapping all labels of the row, see {@link ColumnMapping#labels}
 */
public record LabelledText(String text, String label) {}
