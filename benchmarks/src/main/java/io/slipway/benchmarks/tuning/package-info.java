/**
 * Fine-tuning on real data: small models with random weights learn public datasets, and are held
 * against what needs no model, and their losses against the reference's.
 *
 * <p>Start at {@link io.slipway.benchmarks.tuning.TuningCommand} and {@link
 * io.slipway.benchmarks.tuning.Trial}.
 */
@NullMarked
package io.slipway.benchmarks.tuning;

import org.jspecify.annotations.NullMarked;
