package io.slipway.models.kernels;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * Turns feature i of a head with feature i + half, by the angles of its token; features after the
 * last that turns are copied.
 *
 * @param cosine [angles, turning]
 * @param sine like cosine; negative in its first half
 * @param angles tokens that angles are given for; with one, all tokens have the same
 * @param turning features of a head that turn, a multiple of two vectors
 */
record RotationKernel(MemorySegment cosine, MemorySegment sine, int angles, int turning) {

  /** Copies all features. */
  static final RotationKernel NONE =
      new RotationKernel(MemorySegment.NULL, MemorySegment.NULL, 1, 0);

  /**
   * Turns a head.
   *
   * @param from where the number {@code first} is the head's first feature
   * @param to where it goes, from number {@code target} on
   */
  void apply(int token, MemorySegment from, long first, MemorySegment to, long target, int size) {
    long angle = angles == 1 ? 0 : (long) token * turning;
    int half = turning / 2;
    for (int i = 0; i < half; i += Floats.LANES) {
      FloatVector a = Floats.load(from, first + i);
      FloatVector b = Floats.load(from, first + half + i);
      Floats.store(turned(a, b, angle + i), to, target + i);
      Floats.store(turned(b, a, angle + half + i), to, target + half + i);
    }
    for (int i = turning; i < size; i += Floats.LANES) {
      Floats.store(Floats.load(from, first + i), to, target + i);
    }
  }

  private FloatVector turned(FloatVector own, FloatVector other, long angle) {
    FloatVector sideways = other.mul(Floats.load(sine, angle));
    return own.fma(Floats.load(cosine, angle), sideways);
  }
}
