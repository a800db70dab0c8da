/**
 * What the tests of the commands share.
 *
 * <p>Start at {@link io.slipway.benchmarks.Execution}.
 */
@NullMarked
package io.slipway.benchmarks;

import org.jspecify.annotations.NullMarked;
