/**
 * A run from its plan to its result. Start with {@link io.slipway.trainer.run.Trainer}, then {@link
 * io.slipway.trainer.run.TrainingLoop}.
 */
@NullMarked
package io.slipway.trainer.run;

import org.jspecify.annotations.NullMarked;
