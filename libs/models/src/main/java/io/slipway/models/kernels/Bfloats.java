package io.slipway.models.kernels;

import static jdk.incubator.vector.VectorOperators.AND;
import static jdk.incubator.vector.VectorOperators.I2S;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_S2I;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Vectors of numbers that lie in memory as bfloat16, the upper half of single precision. */
final class Bfloats {

  private static final VectorSpecies<Integer> INTS =
      VectorSpecies.of(int.class, Floats.SPECIES.vectorShape());
  private static final VectorSpecies<Short> SHORTS =
      VectorSpecies.of(short.class, VectorShape.forBitSize(Floats.SPECIES.vectorBitSize() / 2));

  /** Just below half of the last bit that is kept. */
  private static final int BELOW_HALF = 0x7fff;

  private Bfloats() {}

  /** The vector that begins at a number of a memory. */
  static FloatVector load(MemorySegment memory, long number) {
    IntVector bits =
        (IntVector)
            ShortVector.fromMemorySegment(
                    SHORTS, memory, number * Short.BYTES, ByteOrder.nativeOrder())
                .convertShape(ZERO_EXTEND_S2I, INTS, 0);
    return bits.lanewise(LSHL, Short.SIZE).reinterpretAsFloats();
  }

  /** Widens numbers that follow one another, as many as fill vectors. */
  static void widen(MemorySegment from, long first, MemorySegment to, int count) {
    for (int i = 0; i < count; i += Floats.LANES) {
      Floats.store(load(from, first + i), to, i);
    }
  }

  /** Rounds numbers that follow one another, as many as fill vectors. */
  static void round(MemorySegment from, MemorySegment to, long first, int count) {
    for (int i = 0; i < count; i += Floats.LANES) {
      store(Floats.load(from, i), to, first + i);
    }
  }

  /** Rounds finite numbers to the nearest, and to the even one of two. */
  static void store(FloatVector vector, MemorySegment memory, long number) {
    IntVector bits = vector.reinterpretAsInts();
    IntVector odd = bits.lanewise(LSHR, Short.SIZE).lanewise(AND, 1);
    ShortVector upper =
        (ShortVector)
            bits.add(BELOW_HALF).add(odd).lanewise(LSHR, Short.SIZE).convertShape(I2S, SHORTS, 0);
    upper.intoMemorySegment(memory, number * Short.BYTES, ByteOrder.nativeOrder());
  }
}
