/**
 * Runs checkpoints whose outputs the reference computed, and compares.
 *
 * <p>Start at {@link io.slipway.benchmarks.conformance.ConformanceCommand}; {@link
 * io.slipway.benchmarks.conformance.Golden} explains a case's layout.
 */
@NullMarked
package io.slipway.benchmarks.conformance;

import org.jspecify.annotations.NullMarked;
