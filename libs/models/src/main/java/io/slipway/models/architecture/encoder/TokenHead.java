package io.slipway.models.architecture.encoder;

import io.slipway.models.architecture.TextEncoder;
import io.slipway.models.architecture.TokenBatch;
import io.slipway.models.architecture.TokenScorer;
import io.slipway.models.layers.Linear;
import io.slipway.models.layers.Weights;
import io.slipway.models.layers.pass.Forward;
import org.bytedeco.pytorch.Tensor;

/** Every token's state to its scores: for labels, or of being an answer's first and last. */
record TokenHead(TextEncoder encoder, double dropout, Linear outputs) implements TokenScorer {

  /** Scores of labels, by the layer {@code classifier}. */
  static TokenHead ofLabels(
      Weights weights, TextEncoder encoder, double dropout, int hiddenSize, int labels) {
    return new TokenHead(encoder, dropout, new Linear(weights, "classifier", hiddenSize, labels));
  }

  /** Scores of being an answer's first and last token, by the layer {@code qa_outputs}. */
  static TokenHead ofAnswers(Weights weights, TextEncoder encoder, double dropout, int hiddenSize) {
    return new TokenHead(encoder, dropout, new Linear(weights, "qa_outputs", hiddenSize, 2));
  }

  @Override
  public Tensor logits(Forward forward, TokenBatch batch) {
    return outputs.apply(forward, forward.dropout(encoder.encode(forward, batch), dropout));
  }
}
