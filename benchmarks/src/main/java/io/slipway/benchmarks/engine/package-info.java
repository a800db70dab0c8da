/**
 * Times the engine and Python transformers in turn on the same checkpoints, and holds the ratios
 * against targets and the machine's limits.
 *
 * <p>Start at {@link io.slipway.benchmarks.engine.EngineCommand}; {@link
 * io.slipway.benchmarks.engine.EngineProcess} is what runs in a child process.
 */
@NullMarked
package io.slipway.benchmarks.engine;

import org.jspecify.annotations.NullMarked;
