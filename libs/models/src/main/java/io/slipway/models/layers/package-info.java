/**
 * What architectures are made of: a checkpoint's weights by name, layers that hold them, and the
 * circumstances of a forward pass.
 *
 * <p>Start at {@link io.slipway.models.layers.Weights}, then {@link
 * io.slipway.models.layers.Linear} and {@link io.slipway.models.layers.Forward}.
 */
@NullMarked
package io.slipway.models.layers;

import org.jspecify.annotations.NullMarked;
