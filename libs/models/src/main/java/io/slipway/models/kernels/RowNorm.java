package io.slipway.models.kernels;

import static jdk.incubator.vector.VectorOperators.ADD;

import io.slipway.models.runtime.Tensors;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Scales each row to a root mean square of 1, then by a weight. */
public final class RowNorm {

  /** Numbers of a row: few enough to be computed with in a core's caches. */
  private static final int LARGEST = 1 << 14;

  /** Numbers that one thread computes alone. */
  private static final long FEW = 1 << 18;

  /** Numbers that a thread takes at a time when several do. */
  private static final long PART = 1 << 14;

  private RowNorm() {}

  /** Whether {@link #apply} takes these. */
  public static boolean takes(Tensor x, Tensor weight) {
    return (FewNumbers.isPlain(x) || isNarrow(x))
        && weight.is_cpu()
        && !GradMode.is_enabled()
        && Readiness.await()
        && weight.numel() % Floats.LANES == 0
        && weight.numel() <= LARGEST;
  }

  private static boolean isNarrow(Tensor x) {
    return x.is_cpu() && x.scalar_type().intern() == ScalarType.BFloat16;
  }

  /**
   * Normalises.
   *
   * @param x [..., size], in single precision or bfloat16
   * @param weight [size], of any type
   * @param offset what is added to the weight
   * @return [..., size], in the type of x
   */
  public static Tensor apply(Tensor x, Tensor weight, float offset, double epsilon) {
    Tensor rows = FewNumbers.contiguous(x);
    Tensor y = torch.empty_like(rows);
    int size = Math.toIntExact(weight.numel());
    Kernel kernel =
        new Kernel(
            Tensors.memory(rows),
            isNarrow(rows),
            Floats.of(FewNumbers.contiguous(weight.to(ScalarType.Float))),
            offset,
            Tensors.memory(y),
            size,
            epsilon);
    run(kernel, x.numel() / size);
    return y;
  }

  private static void run(Kernel kernel, long rows) {
    long part = Math.max(1, PART / kernel.size);
    if (rows * kernel.size <= FEW) {
      kernel.run(0, rows);
    } else {
      Team.run(
          Math.toIntExact(Math.ceilDiv(rows, part)),
          torch.get_num_threads(),
          number -> kernel.run(number * part, Math.min(rows, (number + 1) * part)));
    }
  }

  /**
   * The loops.
   *
   * @param narrow whether x and y are bfloat16, which each thread widens row by row
   */
  record Kernel(
      MemorySegment x,
      boolean narrow,
      MemorySegment weight,
      float offset,
      MemorySegment y,
      int size,
      double epsilon) {

    private static final ThreadLocal<MemorySegment> WIDENED =
        ThreadLocal.withInitial(
            () -> Arena.ofAuto().allocate((long) LARGEST * Float.BYTES, Floats.BYTES));

    void run(long from, long end) {
      for (long row = from; row < end; row++) {
        long first = row * size;
        if (narrow) {
          MemorySegment widened = WIDENED.get();
          Bfloats.widen(x, first, widened, size);
          normalise(widened, 0, widened);
          Bfloats.round(widened, y, first, size);
        } else {
          normalise(x, first, y);
        }
      }
    }

    private void normalise(MemorySegment from, long first, MemorySegment to) {
      scale(from, first, to, (float) (1 / Math.sqrt(squares(from, first) / size + epsilon)));
    }

    private float squares(MemorySegment from, long first) {
      FloatVector sum = Floats.zero();
      for (int i = 0; i < size; i += Floats.LANES) {
        FloatVector v = Floats.load(from, first + i);
        sum = v.fma(v, sum);
      }
      return sum.reduceLanes(ADD);
    }

    private void scale(MemorySegment from, long first, MemorySegment to, float factor) {
      for (int i = 0; i < size; i += Floats.LANES) {
        FloatVector scaled = Floats.load(from, first + i).mul(factor);
        Floats.store(scaled.mul(Floats.load(weight, i).add(offset)), to, first + i);
      }
    }
  }
}
