/**
 * Training to label texts and images, or to give values to texts.
 *
 * <p>Start at {@link io.slipway.models.training.classification.TextClassificationGoal} and {@link
 * io.slipway.models.training.classification.ImageClassificationGoal}.
 */
@NullMarked
package io.slipway.models.training.classification;

import org.jspecify.annotations.NullMarked;
