/**
 * From the scores of one sequence to its next token: penalties and constraints, drawing,
 * log-probabilities.
 *
 * <p>Start at {@link io.slipway.models.generation.scores.ScoreAdjustment}, then {@link
 * io.slipway.models.generation.scores.Sampler}.
 */
@NullMarked
package io.slipway.models.generation.scores;

import org.jspecify.annotations.NullMarked;
