package io.slipway.models.kernels;

import static jdk.incubator.vector.VectorOperators.ADD;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.bytedeco.pytorch.Tensor;

/** Scales each row to a root mean square of 1, then by a weight. */
public final class FewRowsNorm {

  private FewRowsNorm() {}

  /** Whether {@link #apply} takes these and is the faster way. */
  public static boolean takes(Tensor x, Tensor weight) {
    return FewNumbers.is(x)
        && FewNumbers.isPlain(weight)
        && weight.is_contiguous()
        && weight.numel() % Floats.LANES == 0;
  }

  /**
   * Normalises.
   *
   * @param x [..., size]
   * @param weight [size]
   * @param offset what is added to the weight
   * @return [..., size]
   */
  public static Tensor apply(Tensor x, Tensor weight, float offset, double epsilon) {
    Tensor rows = FewNumbers.contiguous(x);
    Tensor y = FewNumbers.empty(x.shape());
    int size = Math.toIntExact(weight.numel());
    new Kernel(Floats.of(rows), Floats.of(weight), offset, Floats.of(y), size, epsilon)
        .run(Math.toIntExact(x.numel() / size));
    return y;
  }

  record Kernel(
      MemorySegment x,
      MemorySegment weight,
      float offset,
      MemorySegment y,
      int size,
      double epsilon) {

    void run(int rows) {
      for (int row = 0; row < rows; row++) {
        long first = (long) row * size;
        scale(first, (float) (1 / Math.sqrt(squares(first) / size + epsilon)));
      }
    }

    private float squares(long first) {
      FloatVector sum = Floats.zero();
      for (int i = 0; i < size; i += Floats.LANES) {
        FloatVector v = Floats.load(x, first + i);
        sum = v.fma(v, sum);
      }
      return sum.reduceLanes(ADD);
    }

    private void scale(long first, float factor) {
      for (int i = 0; i < size; i += Floats.LANES) {
        FloatVector scaled = Floats.load(x, first + i).mul(factor);
        Floats.store(scaled.mul(Floats.load(weight, i).add(offset)), y, first + i);
      }
    }
  }
}
