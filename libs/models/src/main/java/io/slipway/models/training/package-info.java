/**
 * Training: a run of optimisation steps that can be validated, saved, and resumed bit for bit.
 *
 * <p>Start at {@link io.slipway.models.training.TextClassificationTraining}, then {@link
 * io.slipway.models.training.TrainingRun}, which knows nothing of any task.
 */
@NullMarked
package io.slipway.models.training;

import org.jspecify.annotations.NullMarked;
