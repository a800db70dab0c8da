package io.slipway.models.layers;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/** A convolution over the height and width of images. */
public final class Convolution {

  /**
   * How the kernel moves.
   *
   * @param height of the kernel, like width
   * @param strideDown pixels from one place to the next, like strideAcross
   * @param padding zeros on each side
   */
  public record Kernel(int height, int width, int strideDown, int strideAcross, int padding) {

    /** A square that keeps the size of what it moves over, but for the stride. */
    public static Kernel square(int size, int stride) {
      return new Kernel(size, size, stride, stride, size / 2);
    }

    /** One that takes each pixel once. */
    public static Kernel patch(int height, int width) {
      return new Kernel(height, width, height, width, 0);
    }
  }

  private final Tensor weight;
  private final @Nullable Tensor bias;
  private final long[] stride;
  private final long[] padding;

  /**
   * Takes {@code name.weight} [outputs, inputs, height, width].
   *
   * @param biased whether there is a {@code name.bias} [outputs] too
   */
  public Convolution(
      Weights weights, String name, long inputs, long outputs, Kernel kernel, boolean biased) {
    this.weight =
        weights.parameter(
            name + ".weight", Role.KERNEL, outputs, inputs, kernel.height(), kernel.width());
    this.bias = biased ? weights.parameter(name + ".bias", Role.BIAS, outputs) : null;
    this.stride = new long[] {kernel.strideDown(), kernel.strideAcross()};
    this.padding = new long[] {kernel.padding(), kernel.padding()};
  }

  /** In the type of the weight, as a model takes its pixels. */
  public Tensor asInput(Tensor pixels) {
    return pixels.to(weight.scalar_type());
  }

  /** [rows, inputs, height, width] to [rows, outputs, height', width'] */
  public Tensor apply(Tensor x) {
    return torch.conv2d(
        x,
        weight,
        bias == null ? new TensorOptional() : new TensorOptional(bias),
        stride,
        padding,
        new long[] {1, 1},
        1);
  }
}
