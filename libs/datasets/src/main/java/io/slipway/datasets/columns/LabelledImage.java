package io.slipway.datasets.columns;

/**
 * An image and its label.
 *
 * @param image what should be an image file
 * @param label by the model's name
 */
@SuppressWarnings("ArrayRecordComponent")
public record LabelledImage(byte[] image, String label) {}
