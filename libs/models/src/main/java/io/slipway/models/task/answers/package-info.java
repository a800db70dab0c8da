/**
 * Answers to questions, found in a context.
 *
 * <p>Start at {@link io.slipway.models.task.answers.QuestionAnswering}.
 */
@NullMarked
package io.slipway.models.task.answers;

import org.jspecify.annotations.NullMarked;
