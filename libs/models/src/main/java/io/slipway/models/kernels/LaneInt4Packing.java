package io.slipway.models.kernels;

import io.slipway.models.runtime.Tensors;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

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
  public Tensor arrange(Tensor scales) {
    int lanes = Floats.LANES;
    return scaled(scales, LaneInt4Kernel.STEPS)
        .view(scales.size(0), -1, lanes, 2)
        .transpose(0, 1)
        .contiguous();
  }

  @Override
  public Tensor scales(Tensor arranged) {
    return scaled(
        arranged.transpose(0, 1).reshape(arranged.size(1), -1, 2), 1.0 / LaneInt4Kernel.STEPS);
  }

  @Override
  public Tensor weight(Tensor packed, Tensor arranged, int from, int to) {
    int width = to - from;
    Tensor weight = FewNumbers.empty(inputs(packed), width);
    LaneInt4Widening widening =
        new LaneInt4Widening(
            Tensors.memory(packed),
            Tensors.memory(arranged),
            inputs(packed),
            Floats.of(weight),
            width);
    Team.run(
        width / Floats.LANES,
        torch.get_num_threads(),
        lanes -> widening.run(from + lanes * Floats.LANES, lanes * Floats.LANES));
    return weight;
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
    int outputs = Math.toIntExact(packed.size(0)) * Floats.LANES;
    return new LaneInt4Product(
        Tensors.memory(packed), Tensors.memory(arranged), inputs(packed), outputs);
  }

  private static int inputs(Tensor packed) {
    return Math.toIntExact(packed.size(1)) * TOGETHER;
  }
}
