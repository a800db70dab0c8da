/**
 * Training on batches that were prepared beforehand, rather than on a task's rows.
 *
 * <p>Start at {@link io.slipway.benchmarks.training.PreparedBatch}.
 */
@NullMarked
package io.slipway.benchmarks.training;

import org.jspecify.annotations.NullMarked;
