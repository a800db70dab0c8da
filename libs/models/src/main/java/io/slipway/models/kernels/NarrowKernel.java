package io.slipway.models.kernels;

import static jdk.incubator.vector.VectorOperators.ADD;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;

/**
 * The inner loops of {@link NarrowProduct}. Each sum of a row and an output is collected in one
 * vector, in the order of the inputs, whichever loop it is in.
 *
 * <p>Outputs that are computed side by side lie far apart, so that each of them walks through
 * memory of its own from one output to the next. The processor fetches such walks ahead; of
 * neighbours, two of which share a page, it sees no order, and the memory gives a quarter less.
 *
 * @param weight [outputs, inputs], bfloat16
 * @param x [rows, inputs], single precision
 * @param y [rows, outputs], single precision
 */
record NarrowKernel(
    MemorySegment weight, MemorySegment x, MemorySegment y, int inputs, int outputs) {

  private static final int ROWS = 4;
  private static final int FEW_OUTPUTS = 2;
  private static final int OUTPUTS = 4;

  /** All rows, from one output to before another. */
  void run(int rows, int from, int end) {
    int row = 0;
    for (; row + ROWS <= rows; row += ROWS) {
      int apart = (end - from) / FEW_OUTPUTS;
      for (int n = from; n < from + apart; n++) {
        fourRows(row, n, apart);
      }
      for (int i = 0; i < ROWS; i++) {
        rest(row + i, from + FEW_OUTPUTS * apart, end);
      }
    }
    for (; row < rows; row++) {
      int apart = (end - from) / OUTPUTS;
      for (int n = from; n < from + apart; n++) {
        fourOutputs(row, n, apart);
      }
      rest(row, from + OUTPUTS * apart, end);
    }
  }

  private void rest(int row, int from, int end) {
    for (int n = from; n < end; n++) {
      one(row, n);
    }
  }

  private void fourRows(int row, int n, int apart) {
    FloatVector a0 = Floats.zero();
    FloatVector a1 = a0;
    FloatVector a2 = a0;
    FloatVector a3 = a0;
    FloatVector b0 = a0;
    FloatVector b1 = a0;
    FloatVector b2 = a0;
    FloatVector b3 = a0;
    for (int i = 0; i < inputs; i += Floats.LANES) {
      FloatVector a = widened(n, i);
      FloatVector b = widened(n + apart, i);
      FloatVector v = values(row, i);
      a0 = a.fma(v, a0);
      b0 = b.fma(v, b0);
      v = values(row + 1, i);
      a1 = a.fma(v, a1);
      b1 = b.fma(v, b1);
      v = values(row + 2, i);
      a2 = a.fma(v, a2);
      b2 = b.fma(v, b2);
      v = values(row + 3, i);
      a3 = a.fma(v, a3);
      b3 = b.fma(v, b3);
    }
    put(row, n, a0);
    put(row, n + apart, b0);
    put(row + 1, n, a1);
    put(row + 1, n + apart, b1);
    put(row + 2, n, a2);
    put(row + 2, n + apart, b2);
    put(row + 3, n, a3);
    put(row + 3, n + apart, b3);
  }

  private void fourOutputs(int row, int n, int apart) {
    FloatVector a = Floats.zero();
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    for (int i = 0; i < inputs; i += Floats.LANES) {
      FloatVector v = values(row, i);
      a = widened(n, i).fma(v, a);
      b = widened(n + apart, i).fma(v, b);
      c = widened(n + 2 * apart, i).fma(v, c);
      d = widened(n + 3 * apart, i).fma(v, d);
    }
    put(row, n, a);
    put(row, n + apart, b);
    put(row, n + 2 * apart, c);
    put(row, n + 3 * apart, d);
  }

  private void one(int row, int n) {
    FloatVector a = Floats.zero();
    for (int i = 0; i < inputs; i += Floats.LANES) {
      a = widened(n, i).fma(values(row, i), a);
    }
    put(row, n, a);
  }

  private FloatVector widened(int n, int i) {
    return Bfloats.load(weight, (long) n * inputs + i);
  }

  private FloatVector values(int row, int i) {
    return Floats.load(x, (long) row * inputs + i);
  }

  private void put(int row, int n, FloatVector sum) {
    y.setAtIndex(ValueLayout.JAVA_FLOAT, (long) row * outputs + n, sum.reduceLanes(ADD));
  }
}
