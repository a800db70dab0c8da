/**
 * The circumstances of a pass through a model, the same for all its layers: whether it trains and
 * what drops out, what is computed again on the way back, and which adapter changes which row.
 *
 * <p>Start at {@link io.slipway.models.layers.pass.Forward}, then {@link
 * io.slipway.models.layers.pass.RowAdapters}.
 */
@NullMarked
package io.slipway.models.layers.pass;

import org.jspecify.annotations.NullMarked;
