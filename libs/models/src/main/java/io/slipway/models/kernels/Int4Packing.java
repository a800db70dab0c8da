package io.slipway.models.kernels;

import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;

/**
 * How the numbers of a weight of four bits lie in memory, and the product that reads them so. A
 * number q from 0 to 15 stands for (q - 8) * scale + offset, with a scale and an offset for {@link
 * #GROUP} inputs.
 */
public sealed interface Int4Packing permits LaneInt4Packing, LibtorchInt4Packing {

  /** Inputs that share a scale. */
  int GROUP = 32;

  /** What outputs have to be a multiple of. */
  int BLOCK = 64;

  /** The one whose product is the fastest here. */
  static Int4Packing best() {
    return Readiness.await() ? new LaneInt4Packing() : new LibtorchInt4Packing();
  }

  /**
   * Packs numbers.
   *
   * @param numbers [outputs, inputs], int32
   * @return two numbers a byte; outputs come one after another in its first dimension
   */
  Tensor pack(Tensor numbers);

  /**
   * Unpacks the numbers of some outputs.
   *
   * @param from a multiple of {@link #BLOCK}, as is the end
   * @return [inputs, outputs from the first to before the last], whole numbers
   */
  Tensor unpack(Tensor packed, long from, long to);

  /**
   * Arranges scales and offsets as the product reads them.
   *
   * @param scales [inputs / group, outputs, 2], scale and offset, bfloat16
   */
  Tensor arrange(Tensor scales);

  /**
   * Undoes {@link #arrange} for some outputs.
   *
   * @return [inputs / group, outputs from the first to before the last, 2]
   */
  Tensor scales(Tensor arranged, long from, long to);

  /** Rows from which on a product with the unpacked numbers takes less time. */
  int manyRows();

  /**
   * A weight's product with x [..., inputs]: [..., outputs], in the type of x. It reads the tensors
   * where they are now, so they have to stay.
   *
   * @param packed numbers
   * @param arranged scales
   */
  UnaryOperator<Tensor> product(Tensor packed, Tensor arranged);
}
