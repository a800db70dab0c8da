package io.slipway.modelfiles.image;

/**
 * One image as a model reads it.
 *
 * @param values channel by channel, row by row: {@code [channels, height, width]}; belongs to the
 *     caller
 */
@SuppressWarnings("ArrayRecordComponent")
public record PixelValues(float[] values, int channels, int height, int width) {}
