/**
 * How far a model in a lower precision is from the same model in single precision, on given inputs.
 * Start with {@link io.slipway.models.fidelity.Fidelity}.
 */
@NullMarked
package io.slipway.models.fidelity;

import org.jspecify.annotations.NullMarked;
