/**
 * Tests of the small models that benchmarks make, by what they learn.
 *
 * <p>Start at {@link io.slipway.benchmarks.checkpoint.CopyingAttentionTests}.
 */
@NullMarked
package io.slipway.benchmarks.checkpoint;

import org.jspecify.annotations.NullMarked;
