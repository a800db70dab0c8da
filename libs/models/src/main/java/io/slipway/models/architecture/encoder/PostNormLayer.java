package io.slipway.models.architecture.encoder;

import io.slipway.models.layers.Activation;
import io.slipway.models.layers.DotProduct;
import io.slipway.models.layers.Forward;
import io.slipway.models.layers.LayerNorm;
import io.slipway.models.layers.Linear;
import io.slipway.models.layers.SelfAttention;
import io.slipway.models.layers.Weights;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A transformer block that normalises after each residual, under the names that BERT and those who
 * came after it share.
 */
final class PostNormLayer {

  /** Sizes and settings of a block. */
  record Shape(
      int hiddenSize,
      int numAttentionHeads,
      int intermediateSize,
      Activation hiddenAct,
      double hiddenDropout,
      double attentionDropout,
      double layerNormEps) {}

  private final SelfAttention attention;
  private final LayerNorm attentionNorm;
  private final Linear intermediate;
  private final Linear output;
  private final LayerNorm outputNorm;
  private final Activation activation;
  private final double dropout;

  PostNormLayer(Weights weights, String prefix, Shape shape) {
    int h = shape.hiddenSize();
    int wide = shape.intermediateSize();
    int heads = shape.numAttentionHeads();
    String self = prefix + "attention.self.";
    this.attention =
        new SelfAttention(
            new Linear(weights, self + "query", h, h),
            new Linear(weights, self + "key", h, h),
            new Linear(weights, self + "value", h, h),
            new Linear(weights, prefix + "attention.output.dense", h, h),
            heads,
            DotProduct.ofHeadSize(h / heads, shape.attentionDropout()));
    this.attentionNorm =
        new LayerNorm(weights, prefix + "attention.output.LayerNorm", h, shape.layerNormEps());
    this.intermediate = new Linear(weights, prefix + "intermediate.dense", h, wide);
    this.output = new Linear(weights, prefix + "output.dense", wide, h);
    this.outputNorm = new LayerNorm(weights, prefix + "output.LayerNorm", h, shape.layerNormEps());
    this.activation = shape.hiddenAct();
    this.dropout = shape.hiddenDropout();
  }

  /**
   * [b, s, h] to the same shape
   *
   * @param mask see {@link DotProduct#apply}
   */
  Tensor apply(Forward forward, Tensor x, @Nullable Tensor mask) {
    Tensor attended = forward.dropout(attention.apply(forward, x, mask), dropout);
    Tensor middle = attentionNorm.apply(attended.add(x));
    Tensor wide = activation.apply(intermediate.apply(forward, middle)); // [b, s, intermediate]
    return outputNorm.apply(forward.dropout(output.apply(forward, wide), dropout).add(middle));
  }
}
