/** Tests over the project's own cases, whole and spoiled. */
@NullMarked
package io.slipway.benchmarks.conformance;

import org.jspecify.annotations.NullMarked;
