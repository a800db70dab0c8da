package io.slipway.models.kernels;

import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.AND;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.OR;
import static jdk.incubator.vector.VectorOperators.ROL;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * The inner loops of {@link LaneInt4Packing}: what the numbers of a group make of their inputs is
 * added up first, then scaled. They are short because a longer one passes what the compiler takes
 * into one method, and is a hundred times slower then.
 *
 * <p>A number's bits become a part of a float's fraction by one operation where they lie. Two of a
 * lane's eight lie where that works: the even one gives 1 + q / STEPS, the odd one 16 + q / STEPS;
 * a turn brings the next two there. What the ones and sixteens add is known before, from sums of x.
 * Two vectors of outputs are computed side by side, far apart, as {@link NarrowKernel} says.
 *
 * @param numbers [outputs / lanes, inputs / 8, lanes], int32
 * @param scales [outputs / lanes, inputs / group, lanes, 2], bfloat16: scale * STEPS and offset
 * @param x [rows, inputs]
 * @param sums of x over each group: [rows, inputs / group]
 * @param starts what is to be added to each group's sum of products, like sums
 * @param y [rows, outputs], single precision
 */
record LaneInt4Kernel(
    MemorySegment numbers,
    MemorySegment scales,
    float[] x,
    float[] sums,
    float[] starts,
    MemorySegment y,
    int inputs,
    int outputs) {

  private static final VectorSpecies<Integer> INTS =
      VectorSpecies.of(int.class, Floats.SPECIES.vectorShape());
  private static final VectorMask<Float> EVENS =
      VectorMask.fromLong(Floats.SPECIES, 0x5555555555555555L);
  private static final int BITS = 4;
  private static final int TOGETHER = Integer.SIZE / BITS;

  /** Where an even number lies when its turn has come: highest in a float's fraction. */
  static final int EVEN_BIT = 19;

  private static final int ODD_BIT = EVEN_BIT - BITS;
  private static final int EVEN_FRACTION = 0xf << EVEN_BIT;
  private static final int ODD_FRACTION = 0xf << ODD_BIT;
  private static final float EVEN = 1;
  private static final float ODD = 16;
  private static final int EVEN_POWER = Float.floatToIntBits(EVEN);
  private static final int ODD_POWER = Float.floatToIntBits(ODD);

  /** What a number turns into grows by 1 / STEPS from one number to the next. */
  static final int STEPS = 16;

  /** What the number that stands for the offset adds. */
  private static final float MIDDLE = 8f / STEPS;

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
    int groups = x.length / GROUP;
    this(numbers, scales, x, new float[groups], new float[groups], y, inputs, outputs);
    for (int group = 0; group < groups; group++) {
      addUp(group);
    }
  }

  private void addUp(int group) {
    FloatVector sum = Floats.zero();
    for (int i = group * GROUP; i < (group + 1) * GROUP; i += Floats.LANES) {
      sum = sum.add(FloatVector.fromArray(Floats.SPECIES, x, i));
    }
    float even = sum.reduceLanes(ADD, EVENS);
    float odd = sum.reduceLanes(ADD, EVENS.not());
    sums[group] = even + odd;
    starts[group] = -(EVEN + MIDDLE) * even - (ODD + MIDDLE) * odd;
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
      FloatVector a = every(starts[at / GROUP]);
      FloatVector b = a;
      for (int k = at; k < at + GROUP; k += TOGETHER) {
        IntVector p = ints(numbers, number);
        IntVector q = ints(numbers, number + numberOf(apart));
        number += Floats.BYTES;
        for (int j = k; j < k + TOGETHER; j += 2) {
          FloatVector v = every(x[j]);
          a = even(p).fma(v, a);
          b = even(q).fma(v, b);
          v = every(x[j + 1]);
          a = odd(p).fma(v, a);
          b = odd(q).fma(v, b);
          p = p.lanewise(ROL, 2 * BITS);
          q = q.lanewise(ROL, 2 * BITS);
        }
      }
      FloatVector sum = every(sums[at / GROUP]);
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
        IntVector p = ints(numbers, number);
        number += Floats.BYTES;
        for (int j = k; j < k + TOGETHER; j += 2) {
          FloatVector q = even(p);
          a = q.fma(every(x[j]), a);
          b = q.fma(every(x[j + inputs]), b);
          c = q.fma(every(x[j + 2 * inputs]), c);
          d = q.fma(every(x[j + 3 * inputs]), d);
          q = odd(p);
          a = q.fma(every(x[j + 1]), a);
          b = q.fma(every(x[j + 1 + inputs]), b);
          c = q.fma(every(x[j + 1 + 2 * inputs]), c);
          d = q.fma(every(x[j + 1 + 3 * inputs]), d);
          p = p.lanewise(ROL, 2 * BITS);
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
    return every(starts[at / GROUP]);
  }

  private FloatVector sum(int at) {
    return every(sums[at / GROUP]);
  }

  private static FloatVector every(float value) {
    return FloatVector.broadcast(Floats.SPECIES, value);
  }

  /** Where an output's numbers begin, in bytes. */
  private long numberOf(int output) {
    return (long) output * inputs * BITS / Byte.SIZE;
  }

  /** Where an output's scales begin, in bytes. */
  private long scaleOf(int output) {
    return (long) output * inputs / GROUP * Integer.BYTES;
  }

  private static IntVector ints(MemorySegment memory, long at) {
    return IntVector.fromMemorySegment(INTS, memory, at, ByteOrder.nativeOrder());
  }

  private static FloatVector even(IntVector packed) {
    return packed.lanewise(AND, EVEN_FRACTION).lanewise(OR, EVEN_POWER).reinterpretAsFloats();
  }

  private static FloatVector odd(IntVector packed) {
    return packed.lanewise(AND, ODD_FRACTION).lanewise(OR, ODD_POWER).reinterpretAsFloats();
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
