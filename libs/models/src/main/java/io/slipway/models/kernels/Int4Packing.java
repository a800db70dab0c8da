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

  /** The number that stands for the offset alone. */
  double MIDDLE = 8;

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
   * Arranges scales and offsets as the product reads them.
   *
   * @param scales [inputs / group, outputs, 2], scale and offset, bfloat16
   */
  Tensor arrange(Tensor scales);

  /** Undoes {@link #arrange}. */
  Tensor scales(Tensor arranged);

  /**
   * What some outputs' numbers stand for.
   *
   * @param packed numbers
   * @param arranged scales
   * @param from a multiple of {@link #BLOCK}, as is the end
   * @return [inputs, outputs from the first to before the last], single precision
   */
  Tensor weight(Tensor packed, Tensor arranged, int from, int to);

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
