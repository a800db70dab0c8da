/**
 * How tokens look at each other: attention, the places that it knows them by, and what is
 * remembered of sequences that grow.
 *
 * <p>Start at {@link io.slipway.models.layers.attention.CausalAttention}, then {@link
 * io.slipway.models.layers.attention.CausalPass} and {@link
 * io.slipway.models.layers.attention.KvCache}; encoders use {@link
 * io.slipway.models.layers.attention.SelfAttention}.
 */
@NullMarked
package io.slipway.models.layers.attention;

import org.jspecify.annotations.NullMarked;
