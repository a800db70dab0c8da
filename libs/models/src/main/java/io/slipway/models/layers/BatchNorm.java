package io.slipway.models.layers;

import io.slipway.models.layers.pass.Forward;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Normalises each channel to mean 0 and variance 1, then scales and shifts it: in training by the
 * batch's own mean and variance, which move the running ones, and otherwise by the running ones.
 *
 * @see <a href="https://arxiv.org/abs/1502.03167">Ioffe, Szegedy 2015</a>
 */
public final class BatchNorm {

  /** Part of a batch's statistics in the running ones, libtorch's default. */
  private static final double MOMENTUM = 0.1;

  private static final double EPSILON = 1e-5;

  private final Tensor weight;
  private final Tensor bias;
  private final Tensor runningMean;
  private final Tensor runningVariance;
  private final Tensor batchesTracked;

  /**
   * Takes {@code weight}, {@code bias}, {@code running_mean} and {@code running_var} beneath a
   * name, all [channels], and the count {@code num_batches_tracked}.
   */
  public BatchNorm(Weights weights, String name, long channels) {
    this.weight = weights.parameter(name + ".weight", Role.SCALE, channels);
    this.bias = weights.parameter(name + ".bias", Role.BIAS, channels);
    this.runningMean = weights.buffer(name + ".running_mean", channels);
    this.runningVariance = weights.buffer(name + ".running_var", channels);
    this.batchesTracked = weights.counter(name + ".num_batches_tracked");
  }

  /** [rows, channels, height, width] to the same shape */
  public Tensor apply(Forward forward, Tensor x) {
    boolean counts = forward.training() && !forward.again();
    if (counts) {
      batchesTracked.add_(new Scalar(1L));
    }
    boolean running = counts || !forward.training();
    return torch.batch_norm(
        x,
        single(weight),
        single(bias),
        running ? new TensorOptional(runningMean) : new TensorOptional(),
        running ? new TensorOptional(runningVariance) : new TensorOptional(),
        forward.training(),
        MOMENTUM,
        EPSILON,
        true);
  }

  /** The kernel wants its parameters in single precision beside running values that are. */
  private static TensorOptional single(Tensor parameter) {
    return new TensorOptional(parameter.to(ScalarType.Float));
  }
}
