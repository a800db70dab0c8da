package io.slipway.models.fidelity;

import java.util.OptionalDouble;

/**
 * How far the outputs of a model are from those of the same model in another precision.
 *
 * @param outputs vectors that were compared, such as the scores of one text or of one token
 * @param maximumDifference of a number from its counterpart
 * @param meanDifference of a number from its counterpart, without sign
 * @param cosine of the angle between both models' vectors, on average; 1 when they point alike
 * @param top1Agreement fraction of the vectors whose largest number is at the same place
 * @param perplexityChange of given text, as a ratio less one: 0.01 when it is 1% higher; empty
 *     where no text was scored
 */
public record FidelityReport(
    long outputs,
    double maximumDifference,
    double meanDifference,
    double cosine,
    double top1Agreement,
    OptionalDouble perplexityChange) {}
