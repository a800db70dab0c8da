package io.slipway.models.training;

/**
 * How good the model is on rows that it does not learn from.
 *
 * @param loss mean over the rows
 * @param accuracy part of the rows that are labelled exactly right
 * @param macroF1 mean over the labels of the harmonic mean of precision and recall; labels that
 *     neither occur nor are predicted do not count
 */
public record Validation(int rows, double loss, double accuracy, double macroF1) {}
