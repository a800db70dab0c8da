package io.slipway.models.architecture;

import io.slipway.models.layers.pass.Forward;
import org.bytedeco.pytorch.Tensor;

/** A model that scores a whole sequence for each of its labels. Runs on the compute thread only. */
public interface SequenceClassifier {

  /**
   * Scores before softmax or sigmoid.
   *
   * @return [rows, labels]
   */
  Tensor logits(Forward forward, TokenBatch batch);
}
