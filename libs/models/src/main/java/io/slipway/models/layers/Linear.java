package io.slipway.models.layers;

import io.slipway.models.layers.pass.Forward;
import io.slipway.models.layers.pass.LinearChange;
import io.slipway.models.layers.pass.RowAdapters;
import io.slipway.models.runtime.OneDnn.Combined;
import io.slipway.models.runtime.OneDnn.Then;
import io.slipway.models.runtime.Precision;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * y = x W^T + b, in the type of x, however the weight is stored. Owns what it makes of the weight
 * until {@link #close}.
 */
public final class Linear implements AutoCloseable {

  private final String name;
  private Tensor weight;
  private final @Nullable Tensor bias;
  private final boolean transposed;
  private final boolean shared;
  private final long inputs;
  private final long outputs;
  private Product product;

  private Linear(
      Weights weights, String name, Tensor weight, @Nullable Tensor bias, boolean transposed) {
    this(weights, name, weight, bias, transposed, false);
  }

  private Linear(
      Weights weights,
      String name,
      Tensor weight,
      @Nullable Tensor bias,
      boolean transposed,
      boolean shared) {
    this.name = name;
    this.weight = weight;
    this.bias = bias;
    this.transposed = transposed;
    this.shared = shared;
    this.inputs = weight.dim() == 2 ? weight.size(transposed ? 0 : 1) : 0;
    this.outputs = weight.dim() == 2 ? weight.size(transposed ? 1 : 0) : 0;
    this.product =
        weights.precision().scalarType() == ScalarType.BFloat16
            ? new NarrowWeight(weight, transposed)
            : new Product.Plain(weight, transposed);
    weights.register(this);
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
        weights,
        name,
        weights.parameter(name + ".weight", Role.MATRIX, outputs, inputs),
        biased ? weights.parameter(name + ".bias", Role.BIAS, outputs) : null,
        false);
  }

  /**
   * Takes {@code name.weight} [inputs, outputs] and {@code name.bias} [outputs], as checkpoints of
   * GPT-2 have them.
   */
  public static Linear transposed(Weights weights, String name, long inputs, long outputs) {
    return new Linear(
        weights,
        name,
        weights.parameter(name + ".weight", Role.MATRIX, inputs, outputs),
        weights.parameter(name + ".bias", Role.BIAS, outputs),
        true);
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
    return new Linear(weights, name, table.weight(), bias, false, true);
  }

  /**
   * An output layer with a weight of its own, {@code name.weight} [outputs, inputs].
   *
   * @param bias [outputs], or null
   */
  public static Linear untied(
      Weights weights, String name, long inputs, long outputs, @Nullable Tensor bias) {
    return new Linear(
        weights,
        name,
        weights.parameter(name + ".weight", Role.MATRIX, outputs, inputs),
        bias,
        false);
  }

  /** The module's path in the reference. */
  public String name() {
    return name;
  }

  public long inputs() {
    return inputs;
  }

  public long outputs() {
    return outputs;
  }

  /** Whether the weight is stored as [inputs, outputs]. */
  public boolean isTransposed() {
    return transposed;
  }

  /** Whether the weight is an embedding's too. */
  public boolean isShared() {
    return shared;
  }

  /** Whether this tensor is the weight. */
  public boolean sharesWeightWith(Tensor tensor) {
    return weight.is_same(tensor);
  }

  public boolean isBiased() {
    return bias != null;
  }

  /**
   * The weight with a change in it, in single precision and stored as the weight is.
   *
   * @param change for inputs and outputs of this layer
   */
  public Tensor changedWeight(LinearChange.LowRank change) {
    Tensor delta = change.weightDelta().to(ScalarType.Float); // [outputs, inputs]
    return weight.detach().to(ScalarType.Float).add(transposed ? delta.t() : delta).contiguous();
  }

  Product product() {
    return product;
  }

  /** [..., inputs] to [..., outputs] */
  public Tensor apply(Forward forward, Tensor x) {
    return through(forward, x, () -> product.apply(x, bias));
  }

  /** Whether what comes after this layer's product can be a part of it. */
  boolean fuses(Forward forward) {
    return product instanceof Packed && forward.adapters() == RowAdapters.NONE;
  }

  /**
   * {@link #apply} and what becomes of it.
   *
   * @param then the same in {@code otherwise}; null where there is no product that has it
   * @param otherwise where it cannot be a part of the product
   */
  public Tensor apply(
      Forward forward, Tensor x, @Nullable Then then, UnaryOperator<Tensor> otherwise) {
    return then != null && product instanceof Packed packed && fuses(forward)
        ? packed.apply(x, bias, then)
        : otherwise.apply(apply(forward, x));
  }

  /**
   * {@link #apply} times a factor.
   *
   * @param factor [..., outputs], read by nobody else
   */
  public Tensor applyTimes(Forward forward, Tensor x, Tensor factor) {
    if (product instanceof Packed packed && fuses(forward)) {
      return packed.apply(x, bias, Combined.TIMES, factor);
    }
    return forward.training() ? factor.mul(apply(forward, x)) : factor.mul_(apply(forward, x));
  }

  /**
   * {@link #apply} and another tensor. What is in single precision is not rounded on its way.
   *
   * @param addend [..., outputs]
   */
  Tensor applyPlus(Forward forward, Tensor x, Tensor addend) {
    return product instanceof Packed packed
            && fuses(forward)
            && addend.scalar_type().intern() == ScalarType.BFloat16
        ? packed.apply(x, bias, Combined.PLUS, addend)
        : apply(forward, x).add_(addend);
  }

  /** What this layer makes of x, given the product of its weight and x. */
  Tensor completed(Forward forward, Tensor x, Tensor y) {
    return through(forward, x, () -> Product.biased(y, bias));
  }

  private Tensor through(Forward forward, Tensor x, Supplier<Tensor> plain) {
    RowAdapters adapters = forward.adapters();
    return adapters == RowAdapters.NONE ? plain.get() : adapters.apply(name, forward, x, plain);
  }

  /**
   * Stores the weight in few bits, if it has a shape that can be.
   *
   * @return whether it has; the weight as it was is not read any more then
   */
  boolean quantize(Precision precision) {
    Product quantized = Quantized.of(precision, transposed ? weight.t() : weight).orElse(null);
    if (quantized == null) {
      return false;
    }
    become(quantized);
    return true;
  }

  /** Whether the weight can be packed, and is read by nobody else. */
  boolean isPackable() {
    return product instanceof NarrowWeight && !shared;
  }

  /** The weight as it is packed: [outputs, inputs] */
  Tensor matrix() {
    return transposed ? weight.t() : weight;
  }

  /** Packs the weight, which as it was is not read any more then. */
  void pack() {
    become(Packed.of(matrix()));
  }

  /** The weight as it was before it was packed; empty where it was not. */
  Optional<Tensor> unpacked() {
    return Packed.weightOf(product).map(matrix -> transposed ? matrix.t() : matrix);
  }

  /** Multiplies by a weight as the checkpoint has it from now on, which is stored in bfloat16. */
  void unpack(Tensor unpacked) {
    weight = unpacked;
    become(new NarrowWeight(unpacked, transposed));
  }

  /** Multiplies another way from now on. */
  void become(Product other) {
    product.close();
    product = other;
  }

  @Override
  public void close() {
    product.close();
  }
}
