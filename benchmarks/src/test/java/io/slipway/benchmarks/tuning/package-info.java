/**
 * Tests of the trials on real data, with a few rows written here.
 *
 * <p>Start at {@link io.slipway.benchmarks.tuning.TuningCommandTests}.
 */
@NullMarked
package io.slipway.benchmarks.tuning;

import org.jspecify.annotations.NullMarked;
