/**
 * Training to find the answers to questions in texts.
 *
 * <p>Start at {@link io.slipway.models.training.answers.QuestionAnsweringGoal}.
 */
@NullMarked
package io.slipway.models.training.answers;

import org.jspecify.annotations.NullMarked;
