/** Trainers in processes of their own, their neighbours, and something to train. */
@NullMarked
package io.slipway.trainer.testing;

import org.jspecify.annotations.NullMarked;
