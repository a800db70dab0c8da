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
 * <p>Two vectors of outputs are computed side by side, far apart, as {@link NarrowKernel} says.
 *
 * @param numbers [outputs / lanes, inputs / 8, lanes], int32
 * @param scales [outputs / lanes, inputs / group, lanes, 2], bfloat16: scale * STEPS and offset
 * @param x [rows, inputs]
 * @param sums of x over each group: [rows, inputs / group]
 * @param y [rows, outputs], single precision
 */
record LaneInt4Kernel(
    MemorySegment numbers,
    MemorySegment scales,
    float[] x,
    float[] sums,
    MemorySegment y,
    int inputs,
    int outputs) {

  private static final VectorSpecies<Integer> INTS =
      VectorSpecies.of(int.class, Floats.SPECIES.vectorShape());
  static final int BITS = 4;

  /** Numbers in an int. */
  static final int TOGETHER = Integer.SIZE / BITS;

  /** The bit where a number lies when its turn has come. */
  private static final int FIRST_BIT = 19;

  private static final int FRACTION = 0xf << FIRST_BIT;
  private static final int ONE = Float.floatToIntBits(1);

  /** What a number turns into grows by 1 / STEPS from one number to the next. */
  static final int STEPS = 16;

  /** What the number that stands for the offset turns into. */
  static final float ZERO = 1 + 8f / STEPS;

  private static final int GROUP = Int4Packing.GROUP;

  /** What comes before bfloat16's sixteen bits when they are the upper half of an int. */
  private static final int UPPER = 0xffff0000;

  private static final int ROWS = 4;

  LaneInt4Kernel(
      MemorySegment numbers,
      MemorySegment scales,
      float[] x,
      MemorySegment y,
      int inputs,
      int outputs) {
    this(numbers, scales, x, sums(x), y, inputs, outputs);
  }

  private static float[] sums(float[] x) {
    float[] sums = new float[x.length / GROUP];
    for (int group = 0; group < sums.length; group++) {
      FloatVector sum = Floats.zero();
      for (int i = group * GROUP; i < (group + 1) * GROUP; i += Floats.LANES) {
        sum = sum.add(FloatVector.fromArray(Floats.SPECIES, x, i));
      }
      sums[group] = sum.reduceLanes(ADD);
    }
    return sums;
  }

  /** All rows, from one output to before another, an even number of vectors. */
  void run(int rows, int from, int end) {
    int row = 0;
    for (; row + ROWS <= rows; row += ROWS) {
      for (int n = from; n < end; n += Floats.LANES) {
        fourRows(row, n);
      }
    }
    int apart = (end - from) / 2;
    for (; row < rows; row++) {
      for (int n = from; n < from + apart; n += Floats.LANES) {
        oneRow(row, n, apart);
      }
    }
  }

  private void oneRow(int row, int n, int apart) {
    FloatVector first = Floats.zero();
    FloatVector second = first;
    long number = numberOf(n);
    long scale = scaleOf(n);
    for (int at = row * inputs; at < (row + 1) * inputs; at += GROUP) {
      FloatVector a = start(at);
      FloatVector b = a;
      for (int k = at; k < at + GROUP; k += TOGETHER) {
        IntVector p = packed(numbers, number);
        IntVector q = packed(numbers, number + numberOf(apart));
        number += Floats.BYTES;
        for (int j = k; j < k + TOGETHER; j++) {
          FloatVector v = every(x[j]);
          a = next(p).fma(v, a);
          b = next(q).fma(v, b);
          p = p.lanewise(ROR, BITS);
          q = q.lanewise(ROR, BITS);
        }
      }
      FloatVector sum = sum(at);
      IntVector both = ints(scales, scale);
      first = scale(both).fma(a, offset(both).fma(sum, first));
      both = ints(scales, scale + scaleOf(apart));
      second = scale(both).fma(b, offset(both).fma(sum, second));
      scale += Floats.BYTES;
    }
    put(row, n, first);
    put(row, n + apart, second);
  }

  private void fourRows(int row, int n) {
    FloatVector first = Floats.zero();
    FloatVector second = first;
    FloatVector third = first;
    FloatVector fourth = first;
    long number = numberOf(n);
    long scale = scaleOf(n);
    for (int at = row * inputs; at < (row + 1) * inputs; at += GROUP) {
      FloatVector a = start(at);
      FloatVector b = start(at + inputs);
      FloatVector c = start(at + 2 * inputs);
      FloatVector d = start(at + 3 * inputs);
      for (int k = at; k < at + GROUP; k += TOGETHER) {
        IntVector p = packed(numbers, number);
        number += Floats.BYTES;
        for (int j = k; j < k + TOGETHER; j++) {
          FloatVector q = next(p);
          a = q.fma(every(x[j]), a);
          b = q.fma(every(x[j + inputs]), b);
          c = q.fma(every(x[j + 2 * inputs]), c);
          d = q.fma(every(x[j + 3 * inputs]), d);
          p = p.lanewise(ROR, BITS);
        }
      }
      IntVector both = ints(scales, scale);
      scale += Floats.BYTES;
      first = scale(both).fma(a, offset(both).fma(sum(at), first));
      second = scale(both).fma(b, offset(both).fma(sum(at + inputs), second));
      third = scale(both).fma(c, offset(both).fma(sum(at + 2 * inputs), third));
      fourth = scale(both).fma(d, offset(both).fma(sum(at + 3 * inputs), fourth));
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

  private long numberOf(int output) {
    return numberOf(output, inputs);
  }

  private long scaleOf(int output) {
    return scaleOf(output, inputs);
  }

  /** Where an output's numbers begin, in bytes. */
  static long numberOf(int output, int inputs) {
    return (long) output * inputs * BITS / Byte.SIZE;
  }

  /** Where an output's scales begin, in bytes. */
  static long scaleOf(int output, int inputs) {
    return (long) output * inputs / GROUP * Integer.BYTES;
  }

  /** The next eight numbers of each lane. */
  static IntVector packed(MemorySegment numbers, long at) {
    return ints(numbers, at).lanewise(ROL, FIRST_BIT);
  }

  static IntVector ints(MemorySegment memory, long at) {
    return IntVector.fromMemorySegment(INTS, memory, at, ByteOrder.nativeOrder());
  }

  /** 1 + q / STEPS for the number whose turn it is: its bits as the first of a float's fraction. */
  static FloatVector next(IntVector packed) {
    return packed.lanewise(AND, FRACTION).lanewise(OR, ONE).reinterpretAsFloats();
  }

  static FloatVector scale(IntVector both) {
    return both.lanewise(LSHL, Short.SIZE).reinterpretAsFloats();
  }

  static FloatVector offset(IntVector both) {
    return both.lanewise(AND, UPPER).reinterpretAsFloats();
  }

  private void put(int row, int n, FloatVector sums) {
    Floats.store(sums, y, (long) row * outputs + n);
  }
}
