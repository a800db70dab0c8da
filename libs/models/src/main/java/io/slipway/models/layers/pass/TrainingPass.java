package io.slipway.models.layers.pass;

import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.Precision;
import io.slipway.models.runtime.Seed;
import org.jspecify.annotations.Nullable;

/**
 * What a pass through a model that is being trained needs to know.
 *
 * @param seed of its dropout
 * @param precision of matrix products; weights stay in single precision
 * @param checkpointing whether blocks keep nothing for the backward pass and run again in it: less
 *     memory for more time
 * @param adapter that is trained instead of the weights it changes; null for none
 * @see <a href="https://arxiv.org/abs/1604.06174">Chen et al. 2016</a> on checkpointing
 */
public record TrainingPass(
    ComputeDevice device,
    Seed seed,
    Precision precision,
    boolean checkpointing,
    @Nullable Adapter adapter) {

  /** In single precision, with nothing special. */
  public static TrainingPass of(ComputeDevice device, Seed seed) {
    return new TrainingPass(device, seed, Precision.FLOAT32, false, null);
  }
}
