package io.slipway.models.kernels;

import io.slipway.models.runtime.Tensors;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Each lane of a vector is an output, and holds eight inputs of it: a product unpacks a vector in
 * its registers, and adds up without going from lane to lane.
 *
 * <p>Packed numbers are [outputs / lanes, inputs / 8, lanes], int32, the first input in the lowest
 * bits, and scales [outputs / lanes, inputs / group, lanes, 2] as the kernel takes them.
 */
final class LaneInt4Packing implements Int4Packing {

  private static final int BITS = 4;
  private static final int TOGETHER = Integer.SIZE / BITS;
  private static final int MANY_ROWS = 64;

  @Override
  public Tensor pack(Tensor numbers) {
    Tensor spread =
        numbers.view(
            numbers.size(0) / Floats.LANES, Floats.LANES, numbers.size(1) / TOGETHER, TOGETHER);
    Tensor packed = spread.select(3, 0).clone();
    for (int i = 1; i < TOGETHER; i++) {
      packed.__ior__(spread.select(3, i).__lshift__(new Scalar(BITS * i)));
    }
    return packed.transpose(1, 2).contiguous();
  }

  @Override
  public Tensor unpack(Tensor packed, long from, long to) {
    int lanes = Floats.LANES;
    Tensor part = packed.narrow(0, from / lanes, (to - from) / lanes);
    TensorVector numbers = new TensorVector();
    for (int i = 0; i < TOGETHER; i++) {
      numbers.push_back(
          part.__rshift__(new Scalar(BITS * i))
              .__and__(new Scalar((1 << BITS) - 1))
              .to(ScalarType.Byte));
    }
    return torch
        .stack(numbers, 2) // [outputs / lanes, inputs / 8, 8, lanes]
        .permute(1, 2, 0, 3)
        .reshape(packed.size(1) * TOGETHER, to - from);
  }

  @Override
  public Tensor arrange(Tensor scales) {
    int lanes = Floats.LANES;
    return scaled(scales, LaneInt4Kernel.STEPS)
        .view(scales.size(0), -1, lanes, 2)
        .transpose(0, 1)
        .contiguous();
  }

  @Override
  public Tensor scales(Tensor arranged, long from, long to) {
    int lanes = Floats.LANES;
    return scaled(
        arranged
            .narrow(0, from / lanes, (to - from) / lanes)
            .transpose(0, 1)
            .reshape(arranged.size(1), to - from, 2),
        1.0 / LaneInt4Kernel.STEPS);
  }

  /**
   * Scales times a power of two, which changes none of their digits, and the offsets as they are.
   */
  private static Tensor scaled(Tensor scales, double factor) {
    return torch.stack(
        new TensorVector(scales.select(-1, 0).mul(new Scalar(factor)), scales.select(-1, 1)), -1);
  }

  @Override
  public int manyRows() {
    return MANY_ROWS;
  }

  @Override
  public UnaryOperator<Tensor> product(Tensor packed, Tensor arranged) {
    int inputs = Math.toIntExact(packed.size(1)) * TOGETHER;
    int outputs = Math.toIntExact(packed.size(0)) * Floats.LANES;
    return new LaneInt4Product(Tensors.memory(packed), Tensors.memory(arranged), inputs, outputs);
  }
}
