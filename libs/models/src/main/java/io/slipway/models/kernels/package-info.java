/**
 * Products that libtorch is slow at, written with Java's vectors. They need the module {@code
 * jdk.incubator.vector}; without it, or where the compiler does not turn them into the processor's
 * instructions, layers go on with what libtorch has.
 *
 * <p>Start at {@link io.slipway.models.kernels.NarrowProduct}.
 */
@NullMarked
package io.slipway.models.kernels;

import org.jspecify.annotations.NullMarked;
