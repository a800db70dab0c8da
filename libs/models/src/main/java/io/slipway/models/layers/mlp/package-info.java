/** What a block computes of each token by itself: activations, gated layers, experts. */
@NullMarked
package io.slipway.models.layers.mlp;

import org.jspecify.annotations.NullMarked;
