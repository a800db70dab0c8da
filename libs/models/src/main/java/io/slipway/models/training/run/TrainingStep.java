package io.slipway.models.training.run;

/**
 * One step that was taken.
 *
 * @param step how many steps have been taken, this one included
 * @param epoch passes over the examples so far, with fractions
 * @param examples of the step's batch
 * @param loss of the step's batch, before its update
 * @param learningRate of its update
 * @param gradientNorm global, before clipping
 */
public record TrainingStep(
    int step,
    int totalSteps,
    double epoch,
    int examples,
    double loss,
    double learningRate,
    double gradientNorm) {}
