package io.slipway.models.training;

import io.slipway.models.layers.Forward;
import org.bytedeco.pytorch.Tensor;

/** A batch that is ready to run; on the compute thread it becomes its loss, a scalar tensor. */
@FunctionalInterface
interface BatchLoss {

  Tensor compute(Forward forward);
}
