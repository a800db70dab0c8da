package io.slipway.models.layers;

import io.slipway.models.runtime.OneDnn;
import io.slipway.models.runtime.OneDnn.Combined;
import io.slipway.models.runtime.OneDnn.Then;
import io.slipway.models.runtime.Scope;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * A weight in bfloat16, packed for a processor that multiplies it.
 *
 * @param weight from {@link OneDnn#pack}
 */
record Packed(Tensor weight) implements Product {

  /** Packs a weight [outputs, inputs]. */
  static Packed of(Tensor weight) {
    return new Packed(Scope.keep(OneDnn.pack(weight.contiguous())));
  }

  @Override
  public Tensor apply(Tensor x, @Nullable Tensor bias) {
    return apply(x, bias, Then.NOTHING);
  }

  /** {@link #apply(Tensor, Tensor)} and what becomes of it. */
  Tensor apply(Tensor x, @Nullable Tensor bias, Then then) {
    return inBfloat16(x, narrow -> OneDnn.product(narrow, weight, bias, then));
  }

  /**
   * {@link #apply(Tensor, Tensor)}, each number combined with another.
   *
   * @param other [..., outputs], in the type of x
   */
  Tensor apply(Tensor x, @Nullable Tensor bias, Combined combined, Tensor other) {
    return inBfloat16(
        x, narrow -> OneDnn.product(narrow, weight, bias, combined, other.to(ScalarType.BFloat16)));
  }

  private static Tensor inBfloat16(Tensor x, UnaryOperator<Tensor> product) {
    return x.scalar_type().intern() == ScalarType.BFloat16
        ? product.apply(x)
        : product.apply(x.to(ScalarType.BFloat16)).to(x.scalar_type());
  }

  /** The weight that a product has packed, as it was: [outputs, inputs]. Empty for others. */
  static Optional<Tensor> weightOf(Product product) {
    return switch (product) {
      case Packed packed -> Optional.of(packed.weight.to_dense());
      case Part(Packed whole, long first, long outputs) ->
          Optional.of(whole.weight.to_dense().narrow(0, first, outputs));
      default -> Optional.empty();
    };
  }

  @Override
  public void close() {
    Product.release(weight);
  }
}
