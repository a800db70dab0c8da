/**
 * Options that several commands have.
 *
 * <p>Start at {@link io.slipway.benchmarks.options.BenchOptions}.
 */
@NullMarked
package io.slipway.benchmarks.options;

import org.jspecify.annotations.NullMarked;
