package io.slipway.models.architecture.decoder;

import io.slipway.models.architecture.CausalContinuation;
import io.slipway.models.architecture.CausalDecoder;
import io.slipway.models.architecture.TokenBatch;
import io.slipway.models.kernels.StepAttention;
import io.slipway.models.layers.attention.CausalPass;
import io.slipway.models.layers.attention.KvCache;
import io.slipway.models.layers.attention.PositionBias;
import io.slipway.models.layers.attention.RopeParameters;
import io.slipway.models.layers.attention.RotaryEmbedding;
import io.slipway.models.layers.attention.Rotation;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.Precision;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * What all decoders are: token embeddings, blocks, a normalisation, and scores for the vocabulary.
 *
 * <p>Shapes: b rows, s tokens, h hidden features.
 *
 * @param size what the cache and the checks of inputs need to know
 * @param embeddings of the tokens
 * @param positions how tokens know their places, apart from the embeddings
 * @param norm of the last block's states
 * @param scores of the normalised states: [..., h] to [..., vocabulary]
 */
record DecoderStack(
    Size size,
    Embeddings embeddings,
    Positions positions,
    List<? extends DecoderLayer> layers,
    UnaryOperator<Tensor> norm,
    Scores scores)
    implements CausalDecoder {

  /**
   * Sizes of a decoder.
   *
   * @param limit tokens that a sequence may have, where a table sets one
   * @param heads of keys and values
   * @param windows of the layers
   * @param explicitMasks whether a layer computes attention step by step
   * @param precision of weights and activations
   */
  record Size(
      int vocabulary,
      int limit,
      int heads,
      int headSize,
      Set<Integer> windows,
      boolean explicitMasks,
      ComputeDevice device,
      Precision precision) {

    ScalarType type() {
      return precision.activations(device);
    }
  }

  /** How tokens know their places. */
  record Positions(@Nullable RopeParameters rope, @Nullable PositionBias bias) {

    static Positions rotary(RopeParameters rope) {
      return new Positions(rope, null);
    }
  }

  /** Token ids to the states that the first block gets. */
  @FunctionalInterface
  interface Embeddings {

    /** Ids [b, s] to states [b, s, h] */
    Tensor apply(Forward forward, Tensor ids, CausalPass pass);
  }

  /** States to scores. */
  @FunctionalInterface
  interface Scores {

    /** [..., h] to [..., vocabulary] */
    Tensor apply(Forward forward, Tensor states);
  }

  @Override
  public Tensor logits(Forward forward, TokenBatch batch) {
    batch.check(size.vocabulary(), size.limit());
    CausalPass pass =
        CausalPass.whole(
            batch.lengths(), batch.length(), size.device(), size.type(), sights(forward));
    return scores.apply(forward, states(forward, batch.ids(size.device()), pass));
  }

  @Override
  public CausalContinuation begin(int rows, int capacity) {
    if (capacity > size.limit()) {
      throw new IllegalArgumentException(
          "a sequence of up to %d tokens, but the model has %d positions"
              .formatted(capacity, size.limit()));
    }
    KvCache cache =
        new KvCache(
            layers.size(),
            rows,
            size.heads(),
            size.headSize(),
            capacity,
            size.device(),
            remembered());
    return new CachedSequences(this, cache);
  }

  /** Keys and values may be as narrow as weights where steps read them as they are. */
  private ScalarType remembered() {
    return stepsInKernels() ? size.precision().scalarType() : size.type();
  }

  /**
   * The type of activations in a pass of remembered sequences. What kernels compute for a step
   * takes them in single precision: they are few, and so no slower than in bfloat16.
   *
   * @param width tokens of the longest row
   */
  ScalarType type(int width) {
    return width == 1 && stepsInKernels() ? ScalarType.Float : size.type();
  }

  private boolean stepsInKernels() {
    return size.device().kind() == ComputeDevice.Kind.CPU
        && positions.bias() == null
        && StepAttention.takes(size.headSize());
  }

  CausalPass.Sights sights(Forward forward) {
    return new CausalPass.Sights(
        size.windows(), positions.bias(), forward.training() || size.explicitMasks());
  }

  /** The normalised states after the last block: [b, s, h] */
  Tensor states(Forward forward, Tensor ids, CausalPass pass) {
    RopeParameters rope = positions.rope();
    Rotation rotation = rope == null ? null : new RotaryEmbedding(rope).rotation(pass);
    return norm.apply(
        forward.blocks(
            layers,
            embeddings.apply(forward, ids, pass).to(pass.type()),
            (layer, x) -> layer.apply(forward, x, pass, rotation)));
  }
}
