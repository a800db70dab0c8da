/**
 * Tasks: from what a caller sends to what a model takes, and from what it puts out to what the
 * caller expects.
 *
 * <p>Start at {@link io.slipway.models.task.TextClassification}, at {@link
 * io.slipway.models.task.TextGeneration} for texts that are written, or at {@link
 * io.slipway.models.task.ImageClassification}.
 */
@NullMarked
package io.slipway.models.task;

import org.jspecify.annotations.NullMarked;
