/**
 * What architectures are made of: a checkpoint's weights by name, and layers that hold them.
 *
 * <p>Start at {@link io.slipway.models.layers.Weights}, then {@link
 * io.slipway.models.layers.Linear}, and {@link io.slipway.models.layers.pass.Forward} for what they
 * are called with.
 */
@NullMarked
package io.slipway.models.layers;

import org.jspecify.annotations.NullMarked;
