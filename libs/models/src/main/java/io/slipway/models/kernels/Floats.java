package io.slipway.models.kernels;

import io.slipway.models.runtime.Tensors;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.bytedeco.pytorch.Tensor;

/** Vectors of numbers in single precision, as wide as the processor's, and where they lie. */
final class Floats {

  static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  static final int LANES = SPECIES.length();

  /** Of a vector. */
  static final int BYTES = SPECIES.vectorByteSize();

  private Floats() {}

  static FloatVector zero() {
    return FloatVector.zero(SPECIES);
  }

  /** The vector that begins at a number of a memory. */
  static FloatVector load(MemorySegment memory, long number) {
    return FloatVector.fromMemorySegment(
        SPECIES, memory, number * Float.BYTES, ByteOrder.nativeOrder());
  }

  static void store(FloatVector vector, MemorySegment memory, long number) {
    vector.intoMemorySegment(memory, number * Float.BYTES, ByteOrder.nativeOrder());
  }

  /** The numbers of a tensor, row by row. */
  static MemorySegment of(Tensor tensor) {
    return Tensors.memory(tensor);
  }
}
