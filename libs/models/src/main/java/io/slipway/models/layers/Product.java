package io.slipway.models.layers;

import io.slipway.models.runtime.Scope;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/** How a linear layer multiplies, which depends on how its weight is stored. */
sealed interface Product extends AutoCloseable
    permits Product.Plain, Product.Part, NarrowWeight, Packed, Quantized {

  /** Elements of a weight that are converted at a time, few enough to stay in a core's cache. */
  long PART = 1 << 20;

  /** Rows below which a product with the weight on the left is the faster one. */
  int WEIGHT_LEFT_BELOW = 64;

  /**
   * Multiplies.
   *
   * @param x [..., inputs]
   * @param bias [outputs], or null
   * @return [..., outputs], in the type of x
   */
  Tensor apply(Tensor x, @Nullable Tensor bias);

  @Override
  default void close() {}

  /**
   * The weight is of the type of x.
   *
   * @param weight [outputs, inputs], or the other way round
   */
  record Plain(Tensor weight, boolean transposed) implements Product {

    @Override
    public Tensor apply(Tensor x, @Nullable Tensor bias) {
      return linear(x, transposed ? weight.t() : weight, bias);
    }
  }

  /** Some outputs of another product, which belongs to someone else. */
  record Part(Product whole, long first, long outputs) implements Product {

    @Override
    public Tensor apply(Tensor x, @Nullable Tensor bias) {
      return biased(whole.apply(x, null).narrow(-1, first, outputs), bias);
    }
  }

  /** Parts of a weight. */
  interface Columns {

    /** [inputs, outputs from the first to before the last], in the type of x */
    Tensor of(int first, int end);
  }

  /**
   * Multiplies with a weight that is made part by part.
   *
   * @param flat [rows, inputs]
   * @return [rows, outputs]
   */
  static Tensor parts(Tensor flat, long outputs, long part, Columns weight) {
    boolean weightFirst = flat.size(0) < WEIGHT_LEFT_BELOW;
    Tensor x = weightFirst ? flat.t().contiguous() : flat;
    Tensor y =
        weightFirst
            ? torch.empty(new long[] {outputs, flat.size(0)}, flat.options(), null)
            : torch.empty(new long[] {flat.size(0), outputs}, flat.options(), null);
    for (long from = 0; from < outputs; from += part) {
      long to = Math.min(outputs, from + part);
      try (PointerScope scope = new PointerScope()) {
        Tensor columns = weight.of((int) from, (int) to);
        if (weightFirst) {
          torch.mm_out(y.narrow(0, from, to - from), columns.t(), x);
        } else {
          torch.mm_out(y.narrow(1, from, to - from), x, columns);
        }
      }
    }
    return weightFirst ? y.t().contiguous() : y;
  }

  /** libtorch's product of what is all of one type. */
  static Tensor linear(Tensor x, Tensor matrix, @Nullable Tensor bias) {
    return torch.linear(x, matrix, bias == null ? new TensorOptional() : new TensorOptional(bias));
  }

  /** A product and its bias. */
  static Tensor biased(Tensor y, @Nullable Tensor bias) {
    return bias == null ? y : y.add_(bias);
  }

  /** Some rows of a matrix. */
  static Tensor rows(Tensor matrix, long from, long to) {
    return matrix.slice(0, new LongOptional(from), new LongOptional(to), 1);
  }

  /** [rows, outputs] to [..., outputs], as x has it. */
  static Tensor shaped(Tensor y, Tensor x) {
    long[] shape = x.shape().clone();
    shape[shape.length - 1] = y.size(1);
    return y.view(shape);
  }

  /** What a closed layer owned. */
  static void release(Tensor... tensors) {
    for (Tensor tensor : tensors) {
      Scope.release(tensor);
    }
  }
}
