/** Tests of the benchmark on models that take no time. */
@NullMarked
package io.slipway.benchmarks.engine;

import org.jspecify.annotations.NullMarked;
