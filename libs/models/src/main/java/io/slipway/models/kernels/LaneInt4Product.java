package io.slipway.models.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Rows meet a weight that {@link LaneInt4Packing} has packed.
 *
 * @param numbers as {@link LaneInt4Kernel} takes them; so are the scales
 */
record LaneInt4Product(MemorySegment numbers, MemorySegment scales, int inputs, int outputs)
    implements UnaryOperator<Tensor> {

  @Override
  public Tensor apply(Tensor x) {
    boolean single = FewNumbers.isPlain(x);
    Tensor values = FewNumbers.contiguous(single ? x : x.to(ScalarType.Float));
    Tensor y = FewNumbers.empty(FewNumbers.shape(x, outputs));
    multiply(Floats.of(values).toArray(ValueLayout.JAVA_FLOAT), Floats.of(y));
    return single ? y : y.to(x.scalar_type());
  }

  private void multiply(float[] x, MemorySegment y) {
    int rows = x.length / inputs;
    LaneInt4Kernel kernel = new LaneInt4Kernel(numbers, scales, x, y, inputs, outputs);
    Team.run(
        outputs / Int4Packing.BLOCK,
        torch.get_num_threads(),
        block -> kernel.run(rows, block * Int4Packing.BLOCK, (block + 1) * Int4Packing.BLOCK));
  }
}
