package io.slipway.models.training.run;

import io.slipway.models.layers.pass.Forward;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;

/**
 * A batch that is ready to run. Its loss is a sum, so that a step may run it in parts and still
 * minimise the mean over all of it.
 *
 * @param items what the sum is divided by for the mean: rows, tokens, or their weights
 * @param lossSum runs the model on the compute thread; gives a scalar in single precision
 */
public record Batch(double items, Function<Forward, Tensor> lossSum) {}
