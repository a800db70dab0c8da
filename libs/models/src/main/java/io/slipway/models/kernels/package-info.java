/**
 * What libtorch is slow at for few rows, written with Java's vectors: products with weights of few
 * bits, attention of one token, normalisation. They need the module {@code jdk.incubator.vector};
 * without it, or where the compiler does not turn them into the processor's instructions, layers go
 * on with what libtorch has.
 *
 * <p>Start at {@link io.slipway.models.kernels.NarrowProduct}, then {@link
 * io.slipway.models.kernels.StepAttention}.
 */
@NullMarked
package io.slipway.models.kernels;

import org.jspecify.annotations.NullMarked;
