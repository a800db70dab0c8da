package io.slipway.models.kernels;

import io.slipway.models.runtime.PackedKernels;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** libtorch's own, whose activations are bfloat16. */
final class LibtorchInt4Packing implements Int4Packing {

  private static final int MANY_ROWS = 128;

  @Override
  public Tensor pack(Tensor numbers) {
    return PackedKernels.packInt4(numbers);
  }

  @Override
  public Tensor arrange(Tensor scales) {
    return scales.contiguous();
  }

  @Override
  public Tensor scales(Tensor arranged) {
    return arranged;
  }

  @Override
  public Tensor weight(Tensor packed, Tensor arranged, int from, int to) {
    int width = to - from;
    Tensor numbers = PackedKernels.unpackInt4(packed, from, to); // [inputs, n]
    Tensor both = arranged.narrow(1, from, width).to(ScalarType.Float); // [groups, n, 2]
    return numbers
        .to(ScalarType.Float)
        .sub_(new Scalar(MIDDLE))
        .view(-1, GROUP, width)
        .mul_(both.select(2, 0).unsqueeze(1))
        .add_(both.select(2, 1).unsqueeze(1))
        .view(-1, width);
  }

  @Override
  public int manyRows() {
    return PackedKernels.KNOWS_INT4_ORDER ? MANY_ROWS : Integer.MAX_VALUE;
  }

  @Override
  public UnaryOperator<Tensor> product(Tensor packed, Tensor arranged) {
    return x -> multiply(x, packed, arranged);
  }

  private static Tensor multiply(Tensor x, Tensor packed, Tensor arranged) {
    Tensor rows = x.reshape(-1, x.size(-1)).to(ScalarType.BFloat16);
    Tensor y = PackedKernels.int4(rows, packed, GROUP, arranged);
    return y.to(x.scalar_type()).view(FewNumbers.shape(x, Math.toIntExact(y.size(1))));
  }
}
