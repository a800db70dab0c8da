package io.slipway.models.kernels;

import io.slipway.models.runtime.Tensors;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Keys or values, one after another, which are read and written in single precision whatever they
 * lie in memory as.
 *
 * @param memory [vectors, size]
 * @param size of a vector, a multiple of the lanes, at most {@link #LARGEST}
 * @param narrow whether they are bfloat16, else single precision
 */
record Remembered(MemorySegment memory, int size, boolean narrow) {

  /** Numbers that are widened at a time: few enough to stay in a core's first cache. */
  static final int LARGEST = 1 << 12;

  /** Of each thread that computes. */
  private static final ThreadLocal<MemorySegment> WIDENED =
      ThreadLocal.withInitial(
          () -> Arena.ofAuto().allocate((long) LARGEST * Float.BYTES, Floats.BYTES));

  /**
   * The vectors of a tensor.
   *
   * @param tensor [..., size], contiguous, in single precision or bfloat16
   */
  static Remembered of(Tensor tensor) {
    boolean narrow = tensor.scalar_type().intern() == ScalarType.BFloat16;
    return new Remembered(Tensors.memory(tensor), Math.toIntExact(tensor.size(-1)), narrow);
  }

  /** Vectors, of so many, that {@link #read} can give at once. */
  int atOnce(int count) {
    return narrow ? Math.min(count, LARGEST / size) : count;
  }

  /** Some vectors in single precision, until this thread reads or writes others. */
  MemorySegment read(long first, int count) {
    if (!narrow) {
      long bytes = (long) size * Float.BYTES;
      return memory.asSlice(first * bytes, count * bytes);
    }
    MemorySegment widened = WIDENED.get();
    for (int i = 0; i < count * size; i += Floats.LANES) {
      Floats.store(Bfloats.load(memory, first * size + i), widened, i);
    }
    return widened;
  }

  /** Writes a vector, turned. */
  void write(long place, RotationKernel rotation, int token, MemorySegment from, long first) {
    if (!narrow) {
      rotation.apply(token, from, first, memory, place * size, size);
      return;
    }
    MemorySegment turned = WIDENED.get();
    rotation.apply(token, from, first, turned, 0, size);
    for (int i = 0; i < size; i += Floats.LANES) {
      Bfloats.store(Floats.load(turned, i), memory, place * size + i);
    }
  }
}
