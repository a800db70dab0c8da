package io.slipway.models.architecture.encoder;

import io.slipway.models.layers.Linear;
import io.slipway.models.layers.Weights;
import io.slipway.models.layers.attention.DotProduct;
import io.slipway.models.layers.attention.SelfAttention;
import io.slipway.models.layers.pass.Forward;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** A transformer block that normalises after each residual. */
final class PostNormLayer {

  private final SelfAttention attention;
  private final PostNorm rest;

  PostNormLayer(Weights weights, String prefix, LayerNames names, LayerShape shape) {
    int h = shape.hiddenSize();
    this.attention =
        new SelfAttention(
            new Linear(weights, prefix + names.query(), h, h),
            new Linear(weights, prefix + names.key(), h, h),
            new Linear(weights, prefix + names.value(), h, h),
            new Linear(weights, prefix + names.attended(), h, h),
            shape.numAttentionHeads(),
            DotProduct.ofHeadSize(shape.headSize(), shape.attentionDropout()));
    this.rest = new PostNorm(weights, prefix, names, shape);
  }

  /**
   * [b, s, h] to the same shape
   *
   * @param mask see {@link DotProduct#apply}
   */
  Tensor apply(Forward forward, Tensor x, @Nullable Tensor mask) {
    return rest.apply(forward, x, attention.apply(forward, x, mask));
  }
}
