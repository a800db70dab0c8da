/**
 * A process that carries out fine-tuning runs, one at a time. Start with {@link
 * io.slipway.trainer.TrainerApplication}, then {@code control} and {@code run}.
 */
@NullMarked
package io.slipway.trainer;

import org.jspecify.annotations.NullMarked;
