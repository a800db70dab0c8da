/**
 * Training to write: to continue texts, and to turn one text into another.
 *
 * <p>Start at {@link io.slipway.models.training.language.TextGenerationGoal} and {@link
 * io.slipway.models.training.language.TextToTextGoal}.
 */
@NullMarked
package io.slipway.models.training.language;

import org.jspecify.annotations.NullMarked;
