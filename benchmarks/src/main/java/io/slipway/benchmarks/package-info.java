/**
 * Commands that measure the engine against its reference.
 *
 * <p>Start at {@link io.slipway.benchmarks.Benchmarks}.
 */
@NullMarked
package io.slipway.benchmarks;

import org.jspecify.annotations.NullMarked;
