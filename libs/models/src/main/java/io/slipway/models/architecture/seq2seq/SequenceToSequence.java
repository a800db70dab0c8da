package io.slipway.models.architecture.seq2seq;

import io.slipway.models.architecture.Continuation;
import io.slipway.models.architecture.EncoderDecoder;
import io.slipway.models.architecture.TextEncoder;
import io.slipway.models.architecture.TokenBatch;
import io.slipway.models.layers.attention.CausalPass;
import io.slipway.models.layers.pass.Forward;
import org.bytedeco.pytorch.Tensor;

/** An encoder that reads the source, and a decoder that writes the target. */
record SequenceToSequence(TextEncoder encoder, Decoder decoder) implements EncoderDecoder {

  @Override
  public Tensor logits(Forward forward, TokenBatch source, TokenBatch target) {
    return decoder.scores(forward, states(forward, source, target)); // [b, t, vocabulary]
  }

  /** States of the target's tokens: [b, t, h] */
  Tensor states(Forward forward, TokenBatch source, TokenBatch target) {
    Decoder.Size size = decoder.size();
    if (source.rows() != target.rows()) {
      throw new IllegalArgumentException(
          "%d sources, but %d targets".formatted(source.rows(), target.rows()));
    }
    target.check(size.vocabulary(), size.positions());
    Tensor encoded = encoder.encode(forward, source);
    CausalPass pass =
        CausalPass.whole(
            target.lengths(), target.length(), size.device(), size.type(), decoder.sights(forward));
    return decoder.states(
        forward,
        target.ids(size.device()),
        pass,
        new SourceMemory(
            layer -> decoder.source(forward, layer, encoded), source.visibleKeys(size.device())));
  }

  @Override
  public Continuation begin(Forward forward, TokenBatch source, int capacity) {
    Decoder.Size size = decoder.size();
    if (capacity < 1 || capacity > size.positions()) {
      throw new IllegalArgumentException(
          "a target of up to %d tokens, expected 1 to the model's %d positions"
              .formatted(capacity, size.positions()));
    }
    Tensor encoded = encoder.encode(forward, source);
    return new DecodedTargets(decoder, capacity, forward, encoded, source.lengths());
  }
}
