package io.slipway.models.runtime;

import java.util.Optional;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.Type;
import org.jspecify.annotations.Nullable;

/**
 * Products with weights that oneDNN has packed for the processor's bfloat16 instructions, which it
 * otherwise does anew in each call. libtorch's C++ interface does not name them: they are called by
 * the names of their operators.
 *
 * @see <a href="https://uxlfoundation.github.io/oneDNN/">oneDNN</a>
 */
public final class OneDnn {

  private static final Optional<OperatorHandle> PACK =
      operator("mkldnn::_reorder_linear_weight", "");
  private static final Optional<OperatorHandle> PRODUCT = operator("mkldnn::_linear_pointwise", "");
  private static final Optional<OperatorHandle> PRODUCT_AND_OTHER =
      operator("mkldnn::_linear_pointwise", "binary");

  /** Whether this processor and this build of libtorch have such products. */
  public static final boolean PACKS_BFLOAT16 =
      ComputeDevice.CPU.computesBfloat16()
          && PACK.isPresent()
          && PRODUCT.isPresent()
          && PRODUCT_AND_OTHER.isPresent();

  /** Rows that a weight is packed for; any number may meet it. */
  private static final long ROWS = 128;

  /** What becomes of a product before it is written. */
  public enum Then {
    NOTHING("none", ""),
    GELU("gelu", "none"),
    /** The tanh approximation of GELU. */
    GELU_TANH("gelu", "tanh"),
    RELU("relu", ""),
    SILU("swish", "");

    @SuppressWarnings("ImmutableEnumChecker") // Nobody changes them.
    private final IValue name;

    @SuppressWarnings("ImmutableEnumChecker")
    private final IValue algorithm;

    Then(String name, String algorithm) {
      this.name = Scope.keep(new IValue(name));
      this.algorithm = Scope.keep(new IValue(algorithm));
    }
  }

  /** How a product is combined with other numbers before it is written. */
  public enum Combined {
    PLUS("add"),
    TIMES("mul");

    @SuppressWarnings("ImmutableEnumChecker") // Nobody changes it.
    private final IValue name;

    Combined(String name) {
      this.name = Scope.keep(new IValue(name));
    }
  }

  private OneDnn() {}

  private static Optional<OperatorHandle> operator(String name, String overload) {
    try {
      return Optional.of(Scope.keep(Dispatcher.singleton().findSchemaOrThrow(name, overload)));
    } catch (RuntimeException e) {
      return Optional.empty(); // This build of libtorch has no oneDNN.
    }
  }

  /**
   * Packs a weight.
   *
   * @param weight [outputs, inputs], bfloat16
   * @return of the same shape, and opaque: {@link Tensor#to_dense} is the weight again
   */
  public static Tensor pack(Tensor weight) {
    return call(PACK.orElseThrow(), new IValue(weight), new IValue(ROWS));
  }

  /**
   * Multiplies.
   *
   * @param x [..., inputs], bfloat16
   * @param packed from {@link #pack}
   * @param bias [outputs], bfloat16, or null
   * @return [..., outputs], bfloat16
   */
  public static Tensor product(Tensor x, Tensor packed, @Nullable Tensor bias, Then then) {
    return call(
        PRODUCT.orElseThrow(),
        new IValue(x),
        new IValue(packed),
        optional(bias),
        then.name,
        Constants.NO_NUMBERS,
        then.algorithm);
  }

  /**
   * Multiplies, and combines each number of the product with another.
   *
   * @param other [..., outputs], bfloat16
   * @see #product(Tensor, Tensor, Tensor, Then)
   */
  public static Tensor product(
      Tensor x, Tensor packed, @Nullable Tensor bias, Combined combined, Tensor other) {
    return call(
        PRODUCT_AND_OTHER.orElseThrow(),
        new IValue(x),
        new IValue(other),
        new IValue(packed),
        optional(bias),
        combined.name);
  }

  private static IValue optional(@Nullable Tensor tensor) {
    return tensor == null ? Constants.NOTHING : new IValue(tensor);
  }

  private static Tensor call(OperatorHandle operator, IValue... arguments) {
    IValueVector stack = new IValueVector(arguments);
    operator.callBoxed(stack);
    return new Tensor(stack.get(0).toTensor()); // What it hands out is a part of the stack.
  }

  /** Arguments that are the same in every call. */
  private static final class Constants {

    private static final int NUMBERS = 4;

    static final IValue NOTHING = Scope.keep(new IValue());

    /** What follows a product may take numbers; what we ask for takes none. */
    static final IValue NO_NUMBERS = Scope.keep(noNumbers());

    /** An empty list has to be of the type that the operator declares. */
    private static IValue noNumbers() {
      Type list = PRODUCT.orElseThrow().schema().arguments().getPointer(NUMBERS).type().get();
      return new IValue(new GenericList(list.containedType(0)));
    }
  }
}
