/**
 * From a model's scores to sequences: greedy, sampled or by beams, for decoders and
 * encoder-decoders alike.
 *
 * <p>Start at {@link io.slipway.models.generation.settings.GenerationSettings}, then {@link
 * io.slipway.models.generation.GenerationBatch} and {@link
 * io.slipway.models.generation.BeamSearch}.
 */
@NullMarked
package io.slipway.models.generation;

import org.jspecify.annotations.NullMarked;
