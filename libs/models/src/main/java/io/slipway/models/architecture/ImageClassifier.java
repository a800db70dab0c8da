package io.slipway.models.architecture;

import io.slipway.models.layers.pass.Forward;
import org.bytedeco.pytorch.Tensor;

/** A model that scores a whole image for each of its labels. Runs on the compute thread only. */
@FunctionalInterface
public interface ImageClassifier {

  /**
   * Scores before softmax.
   *
   * @param pixels [rows, channels, height, width], preprocessed
   * @return [rows, labels]
   */
  Tensor logits(Forward forward, Tensor pixels);
}
