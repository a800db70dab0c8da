package io.slipway.models.kernels;

import io.slipway.models.runtime.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

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

  /** Gets the kernels ready in the background, which takes about a second, once. */
  public static void prepare() {
    Readiness.begin();
  }

  /** Whether {@link #apply} takes these and is the faster way. Waits for {@link #prepare}. */
  public static boolean takes(Tensor weight, long rows) {
    // The number of lanes comes last: without the module its class cannot be loaded.
    return rows < MANY_ROWS
        && rows > 0
        && weight.is_cpu()
        && weight.is_contiguous()
        && Readiness.await()
        && weight.size(1) % NarrowKernel.LANES == 0;
  }

  /**
   * Multiplies.
   *
   * @param weight [outputs, inputs], bfloat16
   * @param x [rows, inputs], single precision
   * @return [rows, outputs], in single precision
   */
  public static Tensor apply(Tensor weight, Tensor x) {
    Tensor rows = x.contiguous();
    int outputs = Math.toIntExact(weight.size(0));
    int count = Math.toIntExact(rows.size(0));
    Tensor y = torch.empty(new long[] {count, outputs}, new TensorOptions(ScalarType.Float), null);
    NarrowKernel kernel =
        new NarrowKernel(
            Tensors.memory(weight),
            Tensors.memory(rows),
            Tensors.memory(y),
            Math.toIntExact(weight.size(1)),
            outputs);
    Team.run(
        Math.ceilDiv(outputs, STRIPE),
        torch.get_num_threads(),
        stripe -> kernel.run(count, stripe * STRIPE, Math.min(outputs, (stripe + 1) * STRIPE)));
    return y;
  }
}
