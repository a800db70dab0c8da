package io.slipway.models.architecture.seq2seq;

import io.slipway.models.architecture.TextEncoder;
import io.slipway.models.architecture.TokenBatch;
import io.slipway.models.layers.LayerNorm;
import io.slipway.models.layers.Weights;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.Tensors;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** The encoder of BART and Marian: layers that normalise after each residual. */
final class PostNormEncoder implements TextEncoder {

  private final PostNormConfig config;
  private final int vocabulary;
  private final ComputeDevice device;
  private final TokenEmbedder embedder;
  private final List<Layer> layers;

  PostNormEncoder(Weights weights, PostNormConfig config, int vocabulary, TokenEmbedder embedder) {
    this.config = config;
    this.vocabulary = vocabulary;
    this.device = weights.device();
    this.embedder = embedder;
    this.layers =
        IntStream.range(0, config.encoder().layers())
            .mapToObj(i -> new Layer(weights, "model.encoder.layers." + i + ".", config.encoder()))
            .toList();
  }

  @Override
  public Tensor pass(Forward forward, TokenBatch batch) {
    batch.check(vocabulary, config.maxPositionEmbeddings());
    long[] places = LongStream.range(0, batch.length()).toArray();
    Tensor positions = Tensors.of(places, device, 1, places.length);
    Tensor x = embedder.embed(forward, batch.ids(device), positions); // [b, s, h]
    Tensor visible = batch.visibleKeys(device);
    return forward.chain(
        layers,
        x,
        (layer, input) ->
            forward.leavesOut(config.encoder().layerDrop())
                ? input
                : forward.block(input, in -> layer.apply(forward, in, visible)));
  }

  private static final class Layer {

    private final Attention attention;
    private final LayerNorm attentionNorm;
    private final FeedForward feedForward;
    private final double dropout;

    Layer(Weights weights, String prefix, PostNormConfig.Half config) {
      this.attention = PostNormDecoder.attention(weights, prefix + "self_attn.", config);
      this.attentionNorm = PostNormDecoder.norm(weights, prefix + "self_attn_layer_norm", config);
      this.feedForward = new FeedForward(weights, prefix, config);
      this.dropout = config.dropout();
    }

    /** [b, s, h] to the same shape */
    Tensor apply(Forward forward, Tensor x, @Nullable Tensor visible) {
      Tensor attended = attention.apply(forward, x, attention.project(forward, x), visible);
      return feedForward.apply(
          forward, attentionNorm.apply(x.add(forward.dropout(attended, dropout))));
    }
  }
}
