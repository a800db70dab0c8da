package io.slipway.models.kernels;

import io.slipway.models.runtime.Tensors;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The product of a weight in bfloat16 with few rows in single precision, for processors that do not
 * multiply bfloat16. The weight is read once and widened in registers, so that for a row or two
 * reading it is all that takes time. What becomes of a row does not depend on the others.
 */
public final class NarrowProduct {

  /** Rows from which on widening the weight and libtorch's product take less time. */
  private static final int MANY_ROWS = 40;

  /** Outputs whose weights stay in a core's cache while row after row meets them. */
  private static final int STRIPE = 64;

  private NarrowProduct() {}

  /**
   * Whether {@link #apply} takes these and is the faster way. Waits until they are {@linkplain
   * Readiness ready}.
   *
   * @param weights of the same inputs
   */
  public static boolean takes(List<Tensor> weights, Tensor x) {
    long rows = x.numel() / x.size(-1);
    // The number of lanes comes last: without the module its class cannot be loaded.
    return rows < MANY_ROWS
        && rows > 0
        && weights.stream().allMatch(weight -> weight.is_cpu() && weight.is_contiguous())
        && Readiness.await()
        && x.size(-1) % Floats.LANES == 0;
  }

  /**
   * Multiplies.
   *
   * @param weights each [outputs, inputs], bfloat16
   * @param x [..., inputs], single precision
   * @return [..., outputs] for each weight, in single precision
   */
  public static List<Tensor> apply(List<Tensor> weights, Tensor x) {
    Tensor rows = FewNumbers.contiguous(x);
    int inputs = Math.toIntExact(x.size(-1));
    int count = Math.toIntExact(x.numel() / inputs);
    List<Tensor> products = new ArrayList<>();
    List<Stripe> stripes = new ArrayList<>();
    for (Tensor weight : weights) {
      int outputs = Math.toIntExact(weight.size(0));
      Tensor y = FewNumbers.empty(FewNumbers.shape(x, outputs));
      NarrowKernel kernel =
          new NarrowKernel(
              Tensors.memory(weight), Tensors.memory(rows), Tensors.memory(y), inputs, outputs);
      for (int from = 0; from < outputs; from += STRIPE) {
        stripes.add(new Stripe(kernel, from, Math.min(outputs, from + STRIPE)));
      }
      products.add(y);
    }
    Team.run(
        stripes.size(), torch.get_num_threads(), number -> stripes.get(number).multiply(count));
    return products;
  }

  /** Some outputs of a product. */
  private record Stripe(NarrowKernel kernel, int from, int end) {

    void multiply(int rows) {
      kernel.run(rows, from, end);
    }
  }
}
