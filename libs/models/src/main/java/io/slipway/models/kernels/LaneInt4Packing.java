package io.slipway.models.kernels;

import io.slipway.models.runtime.Tensors;
import java.lang.foreign.ValueLayout;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Each lane of a vector is an output, and holds eight inputs of it: a product unpacks a vector in
 * its registers, and adds up without going from lane to lane.
 *
 * <p>Packed numbers are [outputs / pair, inputs / 8, pair], int32, the first input in the lowest
 * bits, and scales [outputs / pair, inputs / group, pair, 2] as the kernel takes them; a pair is
 * two vectors, which are read side by side.
 */
final class LaneInt4Packing implements Int4Packing {

  private static final int BITS = 4;
  private static final int TOGETHER = Integer.SIZE / BITS;
  private static final int MANY_ROWS = 64;

  @Override
  public Tensor pack(Tensor numbers) {
    Tensor spread =
        numbers.view(
            numbers.size(0) / LaneInt4Kernel.PAIR,
            LaneInt4Kernel.PAIR,
            numbers.size(1) / TOGETHER,
            TOGETHER);
    Tensor packed = spread.select(3, 0).clone();
    for (int i = 1; i < TOGETHER; i++) {
      packed.__ior__(spread.select(3, i).__lshift__(new Scalar(BITS * i)));
    }
    return packed.transpose(1, 2).contiguous();
  }

  @Override
  public Tensor unpack(Tensor packed, long from, long to) {
    int pair = LaneInt4Kernel.PAIR;
    Tensor part = packed.narrow(0, from / pair, (to - from) / pair);
    TensorVector numbers = new TensorVector();
    for (int i = 0; i < TOGETHER; i++) {
      numbers.push_back(
          part.__rshift__(new Scalar(BITS * i))
              .__and__(new Scalar((1 << BITS) - 1))
              .to(ScalarType.Byte));
    }
    return torch
        .stack(numbers, 2) // [outputs / pair, inputs / 8, 8, pair]
        .permute(1, 2, 0, 3)
        .reshape(packed.size(1) * TOGETHER, to - from);
  }

  @Override
  public Tensor arrange(Tensor scales) {
    int pair = LaneInt4Kernel.PAIR;
    return scaled(scales, LaneInt4Kernel.STEPS)
        .view(scales.size(0), -1, pair, 2)
        .transpose(0, 1)
        .contiguous();
  }

  @Override
  public Tensor scales(Tensor arranged, long from, long to) {
    int pair = LaneInt4Kernel.PAIR;
    return scaled(
        arranged
            .narrow(0, from / pair, (to - from) / pair)
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
  public Tensor multiply(Tensor x, Tensor packed, Tensor arranged) {
    Tensor singles = FewNumbers.contiguous(x.to(ScalarType.Float));
    int inputs = Math.toIntExact(x.size(-1));
    int rows = Math.toIntExact(x.numel() / inputs);
    int outputs = Math.toIntExact(arranged.size(0)) * LaneInt4Kernel.PAIR;
    Tensor y = FewNumbers.empty(FewNumbers.shape(x, outputs));
    LaneInt4Kernel kernel =
        new LaneInt4Kernel(
            Tensors.memory(packed),
            Tensors.memory(arranged),
            Tensors.memory(singles).toArray(ValueLayout.JAVA_FLOAT),
            Tensors.memory(y),
            inputs,
            outputs);
    Team.run(
        outputs / BLOCK,
        torch.get_num_threads(),
        block -> kernel.run(rows, block * BLOCK, (block + 1) * BLOCK));
    return y.to(x.scalar_type());
  }
}
