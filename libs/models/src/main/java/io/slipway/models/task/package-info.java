/**
 * Tasks: from what a caller sends to what a model takes, and from what it puts out to what the
 * caller expects.
 *
 * <p>Start at {@link io.slipway.models.task.TextClassification}; {@link
 * io.slipway.models.task.TextModel} is what the tasks of encoders share, {@link
 * io.slipway.models.task.TextGeneration} continues texts and {@link
 * io.slipway.models.task.ImageClassification} labels images. Tasks of several types have packages
 * of their own below.
 */
@NullMarked
package io.slipway.models.task;

import org.jspecify.annotations.NullMarked;
