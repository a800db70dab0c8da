/**
 * Compute that {@code deployment} grants to a job: asked for, kept by renewal, given back. Start
 * with {@link io.slipway.kit.compute.GrantedCompute}.
 */
@NullMarked
package io.slipway.kit.compute;

import org.jspecify.annotations.NullMarked;
