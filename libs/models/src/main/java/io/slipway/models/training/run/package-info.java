/**
 * A run of optimisation steps that knows nothing of any task: its order of rows, its optimizer, and
 * the files that it resumes from bit for bit.
 *
 * <p>Start at {@link io.slipway.models.training.run.TrainingRun}.
 */
@NullMarked
package io.slipway.models.training.run;

import org.jspecify.annotations.NullMarked;
