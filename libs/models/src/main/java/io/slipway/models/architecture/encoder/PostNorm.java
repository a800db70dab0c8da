package io.slipway.models.architecture.encoder;

import io.slipway.models.layers.LayerNorm;
import io.slipway.models.layers.Linear;
import io.slipway.models.layers.Weights;
import io.slipway.models.layers.mlp.Activation;
import io.slipway.models.layers.pass.Forward;
import org.bytedeco.pytorch.Tensor;

/** What follows attention in a block that normalises after each residual. */
final class PostNorm {

  private final LayerNorm attentionNorm;
  private final Linear intermediate;
  private final Activation activation;
  private final Linear output;
  private final LayerNorm outputNorm;
  private final double attendedDropout;
  private final double outputDropout;

  PostNorm(Weights weights, String prefix, LayerNames names, LayerShape shape) {
    int h = shape.hiddenSize();
    int wide = shape.intermediateSize();
    double eps = shape.layerNormEps();
    this.attentionNorm = new LayerNorm(weights, prefix + names.attentionNorm(), h, eps);
    this.intermediate = new Linear(weights, prefix + names.intermediate(), h, wide);
    this.activation = shape.hiddenAct();
    this.output = new Linear(weights, prefix + names.output(), wide, h);
    this.outputNorm = new LayerNorm(weights, prefix + names.outputNorm(), h, eps);
    this.attendedDropout = shape.attendedDropout();
    this.outputDropout = shape.outputDropout();
  }

  /**
   * [b, s, h] to the same shape
   *
   * @param x the block's input
   * @param attended what attention made of it
   */
  Tensor apply(Forward forward, Tensor x, Tensor attended) {
    Tensor middle = attentionNorm.apply(forward.dropout(attended, attendedDropout).add(x));
    Tensor wide = activation.of(forward, intermediate, middle); // [b, s, intermediate]
    Tensor narrow = forward.dropout(output.apply(forward, wide), outputDropout);
    return outputNorm.apply(narrow.add(middle));
  }
}
