/**
 * Training to label texts, or to give them values.
 *
 * <p>Start at {@link io.slipway.models.training.classification.TextClassificationGoal}.
 */
@NullMarked
package io.slipway.models.training.classification;

import org.jspecify.annotations.NullMarked;
