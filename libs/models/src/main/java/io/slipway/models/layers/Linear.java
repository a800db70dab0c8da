package io.slipway.models.layers;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/** y = x W^T + b. */
public final class Linear {

  private final String name;
  private final Tensor weight;
  private final @Nullable Tensor bias;
  private final boolean transposed;

  private Linear(String name, Tensor weight, @Nullable Tensor bias, boolean transposed) {
    this.name = name;
    this.weight = weight;
    this.bias = bias;
    this.transposed = transposed;
  }

  /** Takes {@code name.weight} [outputs, inputs] and {@code name.bias} [outputs]. */
  public Linear(Weights weights, String name, long inputs, long outputs) {
    this(weights, name, inputs, outputs, true);
  }

  /**
   * Takes {@code name.weight} [outputs, inputs].
   *
   * @param biased whether there is a {@code name.bias} [outputs] too
   */
  public Linear(Weights weights, String name, long inputs, long outputs, boolean biased) {
    this(
        name,
        weights.parameter(name + ".weight", Role.MATRIX, outputs, inputs),
        biased ? weights.parameter(name + ".bias", Role.BIAS, outputs) : null,
        false);
  }

  /**
   * Shares the weight of a table, as output layers do with the embedding of the inputs.
   *
   * @param name of the layer, whose own copy of the weight a checkpoint may hold too; it is not
   *     read
   * @param bias [rows of the table], or null
   */
  public static Linear tied(Weights weights, String name, Embedding table, @Nullable Tensor bias) {
    weights.duplicate(name + ".weight");
    return new Linear(name, table.weight(), bias, false);
  }

  /**
   * Takes {@code name.weight} [inputs, outputs], the other way round than usual, and {@code
   * name.bias} [outputs].
   */
  public static Linear transposed(Weights weights, String name, long inputs, long outputs) {
    return new Linear(
        name,
        weights.parameter(name + ".weight", Role.MATRIX, inputs, outputs),
        weights.parameter(name + ".bias", Role.BIAS, outputs),
        true);
  }

  /**
   * An output layer with a weight of its own, {@code name.weight} [outputs, inputs].
   *
   * @param bias [outputs], or null
   */
  public static Linear untied(
      Weights weights, String name, long inputs, long outputs, @Nullable Tensor bias) {
    return new Linear(
        name, weights.parameter(name + ".weight", Role.MATRIX, outputs, inputs), bias);
  }

  /** The module's path in the reference. */
  public String name() {
    return name;
  }

  /** [..., inputs] to [..., outputs] */
  public Tensor apply(Forward forward, Tensor x) {
    Tensor matrix = transposed ? weight.t() : weight;
    return torch.linear(x, matrix, bias == null ? new TensorOptional() : new TensorOptional(bias));
  }
}
