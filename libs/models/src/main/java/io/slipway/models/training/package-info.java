/**
 * Training: a run of optimisation steps that can be validated, saved, and resumed bit for bit,
 * whatever the task. Each task has a package of its own below.
 *
 * <p>Start at {@link io.slipway.models.training.FineTuning} and {@link
 * io.slipway.models.training.Goal}, then {@link io.slipway.models.training.run.TrainingRun}, which
 * knows nothing of any task.
 */
@NullMarked
package io.slipway.models.training;

import org.jspecify.annotations.NullMarked;
