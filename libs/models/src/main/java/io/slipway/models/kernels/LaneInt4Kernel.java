package io.slipway.models.kernels;

import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.AND;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.OR;
import static jdk.incubator.vector.VectorOperators.ROL;
import static jdk.incubator.vector.VectorOperators.ROR;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The inner loops of {@link LaneInt4Packing}: what the numbers of a group make of their inputs is
 * added up first, then scaled. They are short because a longer one passes what the compiler takes
 * into one method, and is a hundred times slower then.
 *
 * @param weight [outputs / pair, inputs / 8, pair], int32
 * @param scales [outputs / pair, inputs / group, pair, 2], bfloat16: scale * STEPS and offset
 * @param x [rows, inputs]
 * @param sums of x over each group: [rows, inputs / group]
 * @param y [rows, outputs], single precision
 */
record LaneInt4Kernel(
    MemorySegment weight,
    MemorySegment scales,
    float[] x,
    float[] sums,
    MemorySegment y,
    int inputs,
    int outputs) {

  private static final VectorSpecies<Integer> INTS =
      VectorSpecies.of(int.class, Floats.SPECIES.vectorShape());
  private static final int LANES = Floats.LANES;
  private static final int BITS = 4;
  private static final int TOGETHER = Integer.SIZE / BITS;

  /** The bit where a number lies when its turn has come. */
  private static final int FIRST_BIT = 19;

  private static final int FRACTION = 0xf << FIRST_BIT;
  private static final int ONE = Float.floatToIntBits(1);

  /** What a number turns into grows by 1 / STEPS from one number to the next. */
  static final int STEPS = 16;

  /** What the number that stands for the offset turns into. */
  private static final float ZERO = 1 + 8f / STEPS;

  private static final int GROUP = Int4Packing.GROUP;

  /** What comes before bfloat16's sixteen bits when they are the upper half of an int. */
  private static final int UPPER = 0xffff0000;

  /** Outputs of two vectors. */
  static final int PAIR = 2 * LANES;

  private static final int ROWS = 4;

  LaneInt4Kernel(
      MemorySegment weight,
      MemorySegment scales,
      float[] x,
      MemorySegment y,
      int inputs,
      int outputs) {
    this(weight, scales, x, sums(x), y, inputs, outputs);
  }

  private static float[] sums(float[] x) {
    float[] sums = new float[x.length / GROUP];
    for (int group = 0; group < sums.length; group++) {
      FloatVector sum = Floats.zero();
      for (int i = group * GROUP; i < (group + 1) * GROUP; i += LANES) {
        sum = sum.add(FloatVector.fromArray(Floats.SPECIES, x, i));
      }
      sums[group] = sum.reduceLanes(ADD);
    }
    return sums;
  }

  /** All rows, from one output to before another; both are multiples of a pair. */
  void run(int rows, int from, int end) {
    int row = 0;
    for (; row + ROWS <= rows; row += ROWS) {
      for (int n = from; n < end; n += LANES) {
        fourRows(row, n);
      }
    }
    for (; row < rows; row++) {
      for (int n = from; n < end; n += PAIR) {
        oneRow(row, n);
      }
    }
  }

  private void oneRow(int row, int n) {
    FloatVector first = Floats.zero();
    FloatVector second = first;
    for (int i = 0; i < inputs; i += GROUP) {
      int at = row * inputs + i;
      float sum = sums[at / GROUP];
      FloatVector a = every(-ZERO * sum);
      FloatVector b = a;
      for (int k = 0; k < GROUP; k += TOGETHER) {
        IntVector p = packed(n, i + k);
        IntVector q = packed(n + LANES, i + k);
        for (int j = 0; j < TOGETHER; j++) {
          FloatVector v = every(x[at + k + j]);
          a = next(p).fma(v, a);
          b = next(q).fma(v, b);
          p = p.lanewise(ROR, BITS);
          q = q.lanewise(ROR, BITS);
        }
      }
      IntVector both = scales(n, i);
      first = scale(both).fma(a, offset(both).fma(every(sum), first));
      both = scales(n + LANES, i);
      second = scale(both).fma(b, offset(both).fma(every(sum), second));
    }
    put(row, n, first);
    put(row, n + LANES, second);
  }

  private void fourRows(int row, int n) {
    FloatVector first = Floats.zero();
    FloatVector second = first;
    FloatVector third = first;
    FloatVector fourth = first;
    for (int i = 0; i < inputs; i += GROUP) {
      int at = row * inputs + i;
      FloatVector a = start(at);
      FloatVector b = start(at + inputs);
      FloatVector c = start(at + 2 * inputs);
      FloatVector d = start(at + 3 * inputs);
      for (int k = 0; k < GROUP; k += TOGETHER) {
        IntVector p = packed(n, i + k);
        for (int j = at + k; j < at + k + TOGETHER; j++) {
          FloatVector q = next(p);
          a = q.fma(every(x[j]), a);
          b = q.fma(every(x[j + inputs]), b);
          c = q.fma(every(x[j + 2 * inputs]), c);
          d = q.fma(every(x[j + 3 * inputs]), d);
          p = p.lanewise(ROR, BITS);
        }
      }
      FloatVector scale = scale(scales(n, i));
      FloatVector offset = offset(scales(n, i));
      first = scale.fma(a, offset.fma(sum(at), first));
      second = scale.fma(b, offset.fma(sum(at + inputs), second));
      third = scale.fma(c, offset.fma(sum(at + 2 * inputs), third));
      fourth = scale.fma(d, offset.fma(sum(at + 3 * inputs), fourth));
    }
    put(row, n, first);
    put(row + 1, n, second);
    put(row + 2, n, third);
    put(row + 3, n, fourth);
  }

  private FloatVector start(int at) {
    return every(-ZERO * sums[at / GROUP]);
  }

  private FloatVector sum(int at) {
    return every(sums[at / GROUP]);
  }

  private static FloatVector every(float value) {
    return FloatVector.broadcast(Floats.SPECIES, value);
  }

  /** The next eight numbers of each lane. */
  private IntVector packed(int n, int i) {
    return ints(weight, n, inputs / TOGETHER, i / TOGETHER).lanewise(ROL, FIRST_BIT);
  }

  /** A scale in the lower and an offset in the upper half of each lane. */
  private IntVector scales(int n, int i) {
    return ints(scales, n, inputs / GROUP, i / GROUP);
  }

  private static IntVector ints(MemorySegment memory, int n, int columns, int column) {
    long number = ((long) (n / PAIR) * columns + column) * PAIR + n % PAIR;
    return IntVector.fromMemorySegment(
        INTS, memory, number * Integer.BYTES, ByteOrder.nativeOrder());
  }

  /** 1 + q / STEPS for the number whose turn it is: its bits as the first of a float's fraction. */
  private static FloatVector next(IntVector packed) {
    return packed.lanewise(AND, FRACTION).lanewise(OR, ONE).reinterpretAsFloats();
  }

  private static FloatVector scale(IntVector both) {
    return both.lanewise(LSHL, Short.SIZE).reinterpretAsFloats();
  }

  private static FloatVector offset(IntVector both) {
    return both.lanewise(AND, UPPER).reinterpretAsFloats();
  }

  private void put(int row, int n, FloatVector sums) {
    Floats.store(sums, y, (long) row * outputs + n);
  }
}
