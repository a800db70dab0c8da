package io.slipway.models.architecture.seq2seq;

import io.slipway.models.architecture.Continuation;
import io.slipway.models.architecture.EncoderDecoder;
import io.slipway.models.architecture.TextEncoder;
import io.slipway.models.architecture.TokenBatch;
import io.slipway.models.layers.Forward;
import io.slipway.models.runtime.ComputeDevice;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** An encoder that reads the source, and a decoder that writes the target. */
record SequenceToSequence(TextEncoder encoder, Decoder decoder, ComputeDevice device)
    implements EncoderDecoder {

  @Override
  public Tensor logits(Forward forward, TokenBatch source, TokenBatch target) {
    return decoder.scores(forward, states(forward, source, target)); // [b, t, vocabulary]
  }

  /** States of the target's tokens: [b, t, h] */
  Tensor states(Forward forward, TokenBatch source, TokenBatch target) {
    if (source.rows() != target.rows()) {
      throw new IllegalArgumentException(
          "%d sources, but %d targets".formatted(source.rows(), target.rows()));
    }
    target.check(decoder.vocabulary(), decoder.positions());
    Tensor encoded = encoder.encode(forward, source);
    return decoder.states(
        forward,
        TargetTokens.whole(target),
        new Whole(forward, decoder, encoded, source.visibleKeys(device)));
  }

  @Override
  public Continuation begin(Forward forward, TokenBatch source, int capacity) {
    if (capacity < 1 || capacity > decoder.positions()) {
      throw new IllegalArgumentException(
          "a capacity of %d tokens, expected 1 to the model's %d positions"
              .formatted(capacity, decoder.positions()));
    }
    Tensor encoded = encoder.encode(forward, source);
    return new DecodedTargets(
        decoder, device, capacity, forward, encoded, source.visibleKeys(device));
  }

  /** Targets that are given whole: nothing has to be remembered. */
  private record Whole(
      Forward forward, Decoder decoder, Tensor encoded, @Nullable Tensor visibleSource)
      implements DecoderMemory {

    @Override
    public KeyValue source(int layer) {
      return decoder.source(forward, layer, encoded);
    }

    @Override
    public KeyValue target(int layer, KeyValue fresh) {
      return fresh;
    }
  }
}
