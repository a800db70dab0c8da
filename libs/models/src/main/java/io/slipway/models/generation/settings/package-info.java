/**
 * What a checkpoint and a caller say about generation, in the reference's names.
 *
 * <p>Start at {@link io.slipway.models.generation.settings.GenerationSettings}; {@link
 * io.slipway.models.generation.settings.GenerationConfig} reads them from {@code
 * generation_config.json} and a request's parameters.
 */
@NullMarked
package io.slipway.models.generation.settings;

import org.jspecify.annotations.NullMarked;
