/**
 * Under whose control a trainer works: the desk that takes and stops runs, and the stream to the
 * deployment service. Start with {@link io.slipway.trainer.control.TrainerDesk}.
 */
@NullMarked
package io.slipway.trainer.control;

import org.jspecify.annotations.NullMarked;
