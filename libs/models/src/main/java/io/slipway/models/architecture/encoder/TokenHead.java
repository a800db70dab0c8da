package io.slipway.models.architecture.encoder;

import io.slipway.models.architecture.TextEncoder;
import io.slipway.models.architecture.TokenBatch;
import io.slipway.models.architecture.TokenScorer;
import io.slipway.models.layers.Forward;
import io.slipway.models.layers.Linear;
import org.bytedeco.pytorch.Tensor;

/** Every token's state to its scores: for labels, or of being an answer's first and last. */
record TokenHead(TextEncoder encoder, double dropout, Linear outputs) implements TokenScorer {

  @Override
  public Tensor logits(Forward forward, TokenBatch batch) {
    return outputs.apply(forward, forward.dropout(encoder.encode(forward, batch), dropout));
  }
}
