package io.slipway.models.architecture.encoder;

import io.slipway.models.architecture.TextEncoder;
import io.slipway.models.architecture.TokenBatch;
import io.slipway.models.architecture.encoder.TokenEmbeddings.Tables;
import io.slipway.models.layers.LayerNorm;
import io.slipway.models.layers.Linear;
import io.slipway.models.layers.Weights;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.runtime.ComputeDevice;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * BERT's encoder, which several families share under other names: embeddings that are normalised,
 * and widened where they are narrower than the states, then blocks that normalise after each
 * residual.
 */
final class PostNormEncoder implements TextEncoder {

  private final ComputeDevice device;
  private final double dropout;
  private final TokenEmbeddings embeddings;
  private final LayerNorm embeddingNorm;
  private final @Nullable Linear projection;
  private final List<PostNormLayer> layers;

  /**
   * Takes the weights of {@code base.embeddings}, {@code base.embeddings_project} and {@code
   * base.blocks.0} and on.
   *
   * @param count of the blocks
   */
  PostNormEncoder(
      Weights weights,
      String base,
      String blocks,
      LayerNames names,
      Tables tables,
      int count,
      LayerShape layer) {
    String prefix = base + ".embeddings.";
    int e = tables.size();
    int h = layer.hiddenSize();
    this.device = weights.device();
    this.dropout = layer.outputDropout();
    this.embeddings = new TokenEmbeddings(weights, prefix, tables);
    this.embeddingNorm = new LayerNorm(weights, prefix + "LayerNorm", e, layer.layerNormEps());
    this.projection = e == h ? null : new Linear(weights, base + ".embeddings_project", e, h);
    this.layers =
        IntStream.range(0, count)
            .mapToObj(i -> "%s.%s.%d.".formatted(base, blocks, i))
            .map(name -> new PostNormLayer(weights, name, names, layer))
            .toList();
  }

  TokenEmbeddings embeddings() {
    return embeddings;
  }

  /** States of all tokens: [b, s, h] */
  @Override
  public Tensor pass(Forward forward, TokenBatch batch) {
    Tensor embedded = forward.dropout(embeddingNorm.apply(embeddings.apply(batch)), dropout);
    Tensor x = projection == null ? embedded : projection.apply(forward, embedded);
    Tensor visible = batch.visibleKeys(device);
    return forward.blocks(layers, x, (layer, input) -> layer.apply(forward, input, visible));
  }
}
