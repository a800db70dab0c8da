package io.slipway.models.architecture.encoder;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.models.layers.LayerNorm;
import io.slipway.models.layers.Role;
import io.slipway.models.layers.Weights;
import io.slipway.models.layers.mlp.Activation;
import io.slipway.models.layers.pass.Forward;
import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * DeBERTa's convolution over neighbouring tokens, whose result is added to the first block's.
 *
 * <p>Shapes: b rows, s tokens, h hidden features.
 */
final class SequenceConvolution {

  /** The fields of config.json about it. */
  record Config(int kernelSize, int groups, Activation act) {

    /** Empty when the architecture has none. */
    static Optional<Config> of(ModelConfig json, int hiddenSize) {
      int kernel = json.intOr("conv_kernel_size", 0);
      if (kernel <= 0) {
        return Optional.empty();
      }
      if (kernel % 2 == 0) {
        throw json.malformed(
            "conv_kernel_size", "is %d, but only odd ones keep the length".formatted(kernel));
      }
      int groups = json.intOr("conv_groups", 1);
      if (groups < 1 || hiddenSize % groups != 0) {
        throw json.malformed(
            "conv_groups", "is %d, which does not divide %d".formatted(groups, hiddenSize));
      }
      return Optional.of(new Config(kernel, groups, Activation.of(json, "conv_act", "tanh")));
    }
  }

  private final Config config;
  private final Tensor weight;
  private final Tensor bias;
  private final LayerNorm norm;
  private final double dropout;

  SequenceConvolution(Weights weights, String prefix, Config config, LayerShape shape) {
    int h = shape.hiddenSize();
    this.config = config;
    this.weight =
        weights.parameter(
            prefix + "conv.weight", Role.KERNEL, h, h / config.groups(), config.kernelSize());
    this.bias = weights.parameter(prefix + "conv.bias", Role.BIAS, h);
    this.norm = new LayerNorm(weights, prefix + "LayerNorm", h, shape.layerNormEps());
    this.dropout = shape.outputDropout();
  }

  /**
   * [b, s, h] to the same shape
   *
   * @param x what went into the first block
   * @param residual what came out of it
   * @param tokens [b, s, 1], true for what is not padding; null when there is none
   */
  Tensor apply(Forward forward, Tensor x, Tensor residual, @Nullable Tensor tokens) {
    Tensor mixed =
        torch
            .conv1d(
                x.transpose(1, 2),
                weight,
                new TensorOptional(bias),
                new long[] {1},
                new long[] {(config.kernelSize() - 1) / 2},
                new long[] {1},
                config.groups())
            .transpose(1, 2);
    if (tokens != null) {
      mixed = mixed.masked_fill(tokens.logical_not(), new Scalar(0.0));
    }
    Tensor sum = residual.add(config.act().apply(forward.dropout(mixed, dropout)));
    Tensor normal = norm.apply(sum);
    return tokens == null ? normal : normal.mul(tokens);
  }
}
