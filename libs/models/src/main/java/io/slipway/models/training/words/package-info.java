/**
 * Training to label the words of texts.
 *
 * <p>Start at {@link io.slipway.models.training.words.TokenClassificationGoal}.
 */
@NullMarked
package io.slipway.models.training.words;

import org.jspecify.annotations.NullMarked;
