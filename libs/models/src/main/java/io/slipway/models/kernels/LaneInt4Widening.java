package io.slipway.models.kernels;

import static jdk.incubator.vector.VectorOperators.ROR;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Turns what {@link LaneInt4Packing} has packed back into the weight it stands for.
 *
 * @param numbers as {@link LaneInt4Kernel} takes them; so are the scales
 * @param weight [inputs, width], single precision
 */
record LaneInt4Widening(
    MemorySegment numbers, MemorySegment scales, int inputs, MemorySegment weight, int width) {

  /**
   * A vector of outputs.
   *
   * @param output the first of them
   * @param column where it goes in the weight
   */
  void run(int output, int column) {
    long number = LaneInt4Kernel.numberOf(output, inputs);
    long scale = LaneInt4Kernel.scaleOf(output, inputs);
    for (int group = 0; group < inputs; group += Int4Packing.GROUP) {
      IntVector both = LaneInt4Kernel.ints(scales, scale);
      scale += Floats.BYTES;
      for (int k = group; k < group + Int4Packing.GROUP; k += LaneInt4Kernel.TOGETHER) {
        eight(LaneInt4Kernel.packed(numbers, number), both, (long) k * width + column);
        number += Floats.BYTES;
      }
    }
  }

  private void eight(IntVector packed, IntVector both, long at) {
    FloatVector scale = LaneInt4Kernel.scale(both);
    FloatVector offset = LaneInt4Kernel.offset(both);
    IntVector p = packed;
    for (int i = 0; i < LaneInt4Kernel.TOGETHER; i++) {
      FloatVector steps = LaneInt4Kernel.next(p).sub(LaneInt4Kernel.ZERO);
      Floats.store(steps.fma(scale, offset), weight, at + (long) i * width);
      p = p.lanewise(ROR, LaneInt4Kernel.BITS);
    }
  }
}
