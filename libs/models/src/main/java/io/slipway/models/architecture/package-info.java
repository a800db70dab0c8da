/**
 * The architectures, each written once in a file of its own and used alike for training and for
 * inference, and what they have in common: heads, families, loading.
 *
 * <p>Start at {@link io.slipway.models.architecture.encoder.Bert}; {@link
 * io.slipway.models.architecture.LoadedModel} builds the model of a configuration.
 */
@NullMarked
package io.slipway.models.architecture;

import org.jspecify.annotations.NullMarked;
