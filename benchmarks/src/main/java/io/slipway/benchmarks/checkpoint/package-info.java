/**
 * Small checkpoints in Hub layout with random weights, made on the spot: a tokenizer from texts, a
 * configuration, and weights under the reference's names.
 *
 * <p>Start at {@link io.slipway.benchmarks.checkpoint.FreshCheckpoint}.
 */
@NullMarked
package io.slipway.benchmarks.checkpoint;

import org.jspecify.annotations.NullMarked;
