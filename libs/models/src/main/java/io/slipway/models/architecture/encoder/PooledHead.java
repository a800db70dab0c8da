package io.slipway.models.architecture.encoder;

import io.slipway.models.architecture.SequenceClassifier;
import io.slipway.models.architecture.TextEncoder;
import io.slipway.models.architecture.TokenBatch;
import io.slipway.models.layers.Linear;
import io.slipway.models.layers.Weights;
import io.slipway.models.layers.mlp.Activation;
import io.slipway.models.layers.pass.Forward;
import org.bytedeco.pytorch.Tensor;

/**
 * The first token's state, through a dense layer, to a score for each label.
 *
 * @param before dropout in front of the dense layer
 * @param after dropout behind its activation
 */
record PooledHead(
    TextEncoder encoder,
    double before,
    Linear dense,
    Activation activation,
    double after,
    Linear classifier)
    implements SequenceClassifier {

  /** By the layers {@code classifier.dense} and {@code classifier.out_proj}. */
  static PooledHead ofClassifier(
      Weights weights,
      TextEncoder encoder,
      double dropout,
      Activation activation,
      int hiddenSize,
      int labels) {
    return new PooledHead(
        encoder,
        dropout,
        new Linear(weights, "classifier.dense", hiddenSize, hiddenSize),
        activation,
        dropout,
        new Linear(weights, "classifier.out_proj", hiddenSize, labels));
  }

  @Override
  public Tensor logits(Forward forward, TokenBatch batch) {
    Tensor first = encoder.encode(forward, batch).select(1, 0); // [b, h]
    Tensor pooled = activation.apply(dense.apply(forward, forward.dropout(first, before)));
    return classifier.apply(forward, forward.dropout(pooled, after)); // [b, labels]
  }
}
