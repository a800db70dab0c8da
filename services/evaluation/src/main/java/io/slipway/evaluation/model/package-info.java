/**
 * The model that is measured: found in the registry, kept there while it is needed, loaded on
 * granted compute, asked. Start with {@link io.slipway.evaluation.model.ModelCompute}.
 */
@NullMarked
package io.slipway.evaluation.model;

import org.jspecify.annotations.NullMarked;
