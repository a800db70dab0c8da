package io.slipway.models.kernels;

import io.slipway.models.runtime.Scope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Tensors so small that calling libtorch takes longer than what it computes. */
final class FewNumbers {

  private static final TensorOptions SINGLE_PRECISION =
      Scope.keep(new TensorOptions(ScalarType.Float));

  private FewNumbers() {}

  /** Whether this is in single precision, on the CPU. */
  static boolean isPlain(Tensor x) {
    return x.is_cpu() && x.scalar_type().intern() == ScalarType.Float;
  }

  /** The same numbers, row by row. */
  static Tensor contiguous(Tensor x) {
    return x.is_contiguous() ? x : x.contiguous();
  }

  /** The shape of what a product makes of x. */
  static long[] shape(Tensor x, int outputs) {
    long[] shape = x.shape();
    shape[shape.length - 1] = outputs;
    return shape;
  }

  /** In single precision, with any numbers. */
  static Tensor empty(long... shape) {
    return torch.empty(shape, SINGLE_PRECISION, null);
  }
}
