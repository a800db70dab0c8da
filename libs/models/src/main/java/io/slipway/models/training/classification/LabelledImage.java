package io.slipway.models.training.classification;

/**
 * An image and its label.
 *
 * @param image a PNG, JPEG, GIF or BMP file
 * @param label index of the label
 */
@SuppressWarnings("ArrayRecordComponent")
public record LabelledImage(byte[] image, int label) {}
