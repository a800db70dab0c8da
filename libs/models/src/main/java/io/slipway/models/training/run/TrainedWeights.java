package io.slipway.models.training.run;

import io.slipway.models.layers.Parameter;
import io.slipway.models.layers.Weights;
import io.slipway.models.layers.pass.Adapter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What of a model a run changes.
 *
 * @param trained what the optimizer moves
 * @param state what changes at all, and so makes up a checkpoint
 * @param adapter that the model runs through, or null
 */
public record TrainedWeights(
    List<Parameter> trained, List<Parameter> state, @Nullable Adapter adapter) {

  /** The whole model. */
  public static TrainedWeights all(Weights weights) {
    return new TrainedWeights(weights.trained(), List.copyOf(weights.parameters()), null);
  }
}
