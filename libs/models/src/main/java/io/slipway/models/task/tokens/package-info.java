/**
 * Labels for the tokens of texts, and entities that are made of them.
 *
 * <p>Start at {@link io.slipway.models.task.tokens.TokenClassification}.
 */
@NullMarked
package io.slipway.models.task.tokens;

import org.jspecify.annotations.NullMarked;
