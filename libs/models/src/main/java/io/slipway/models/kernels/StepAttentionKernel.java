package io.slipway.models.kernels;

import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.EXP;
import static jdk.incubator.vector.VectorOperators.MAX;
import static jdk.incubator.vector.VectorOperators.TANH;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * The inner loops of {@link StepAttention}, all in single precision. A group is a head of keys and
 * values of a row, with the queries that look at it.
 *
 * @param context [groups, group, size]: first the queries, in the end what came of them
 * @param keys [vectors, size], like values
 * @param group queries that look at the same keys
 * @param cap of the scores, or infinity
 */
record StepAttentionKernel(
    MemorySegment context,
    MemorySegment keys,
    MemorySegment values,
    int group,
    int size,
    float scale,
    float cap) {

  /** Keys, or parts of a value, that are computed side by side. */
  private static final int TOGETHER = 4;

  /**
   * The new tokens of all rows.
   *
   * @param q [groups, group, size]
   * @param k [groups, size], like v
   */
  record Token(MemorySegment q, MemorySegment k, MemorySegment v, RotationKernel rotation) {}

  /**
   * Turns a group's queries and key, and writes its key and value to their place.
   *
   * @param place the vector among the keys, and the values
   */
  void join(Token token, int row, int number, long place) {
    long own = (long) number * size;
    RotationKernel rotation = token.rotation();
    rotation.apply(row, token.k(), own, keys, place * size, size);
    RotationKernel.NONE.apply(row, token.v(), own, values, place * size, size);
    for (int i = 0; i < group; i++) {
      long query = (own * group) + (long) i * size;
      rotation.apply(row, token.q(), query, context, query, size);
    }
  }

  /**
   * Lets a group's queries attend.
   *
   * @param first the first vector that they see
   * @param count vectors that they see
   */
  void attend(int number, long first, int count) {
    float[] scores = new float[Math.ceilDiv(count, Floats.LANES) * Floats.LANES];
    for (int i = 0; i < group; i++) {
      long query = ((long) number * group + i) * size;
      score(query, first * size, count, scores);
      bound(scores);
      Arrays.fill(scores, count, scores.length, Float.NEGATIVE_INFINITY);
      float sum = exponentiate(scores);
      gather(first * size, count, scores, 1 / sum, query);
    }
  }

  private void score(long query, long key, int count, float[] scores) {
    int j = 0;
    for (; j + TOGETHER <= count; j += TOGETHER) {
      fourScores(query, key + (long) j * size, scores, j);
    }
    for (; j < count; j++) {
      scores[j] = score(query, key + (long) j * size);
    }
  }

  private void fourScores(long query, long key, float[] scores, int j) {
    FloatVector a = Floats.zero();
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    for (int i = 0; i < size; i += Floats.LANES) {
      FloatVector v = Floats.load(context, query + i);
      a = Floats.load(keys, key + i).fma(v, a);
      b = Floats.load(keys, key + size + i).fma(v, b);
      c = Floats.load(keys, key + 2L * size + i).fma(v, c);
      d = Floats.load(keys, key + 3L * size + i).fma(v, d);
    }
    scores[j] = a.reduceLanes(ADD);
    scores[j + 1] = b.reduceLanes(ADD);
    scores[j + 2] = c.reduceLanes(ADD);
    scores[j + 3] = d.reduceLanes(ADD);
  }

  private float score(long query, long key) {
    FloatVector sum = Floats.zero();
    for (int i = 0; i < size; i += Floats.LANES) {
      sum = Floats.load(keys, key + i).fma(Floats.load(context, query + i), sum);
    }
    return sum.reduceLanes(ADD);
  }

  /** Scales the scores and, where there is a cap, bends them below it. */
  private void bound(float[] scores) {
    boolean capped = cap != Float.POSITIVE_INFINITY;
    for (int j = 0; j < scores.length; j += Floats.LANES) {
      FloatVector scaled = FloatVector.fromArray(Floats.SPECIES, scores, j).mul(scale);
      FloatVector bounded = capped ? scaled.div(cap).lanewise(TANH).mul(cap) : scaled;
      bounded.intoArray(scores, j);
    }
  }

  /**
   * Turns scores into the exponentials of how far they are from the greatest; returns their sum.
   */
  private float exponentiate(float[] scores) {
    FloatVector greatest = FloatVector.broadcast(Floats.SPECIES, Float.NEGATIVE_INFINITY);
    for (int j = 0; j < scores.length; j += Floats.LANES) {
      greatest = greatest.max(FloatVector.fromArray(Floats.SPECIES, scores, j));
    }
    float top = greatest.reduceLanes(MAX);
    FloatVector sum = Floats.zero();
    for (int j = 0; j < scores.length; j += Floats.LANES) {
      FloatVector power = FloatVector.fromArray(Floats.SPECIES, scores, j).sub(top).lanewise(EXP);
      power.intoArray(scores, j);
      sum = sum.add(power);
    }
    return sum.reduceLanes(ADD);
  }

  /** Adds up the values by their shares. */
  private void gather(long value, int count, float[] powers, float factor, long to) {
    int i = 0;
    for (; i + TOGETHER * Floats.LANES <= size; i += TOGETHER * Floats.LANES) {
      gatherFour(value + i, count, powers, factor, to + i);
    }
    for (; i < size; i += Floats.LANES) {
      gatherOne(value + i, count, powers, factor, to + i);
    }
  }

  private void gatherFour(long value, int count, float[] powers, float factor, long to) {
    FloatVector a = Floats.zero();
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    for (int j = 0; j < count; j++) {
      FloatVector power = FloatVector.broadcast(Floats.SPECIES, powers[j]);
      long at = value + (long) j * size;
      a = Floats.load(values, at).fma(power, a);
      b = Floats.load(values, at + Floats.LANES).fma(power, b);
      c = Floats.load(values, at + 2L * Floats.LANES).fma(power, c);
      d = Floats.load(values, at + 3L * Floats.LANES).fma(power, d);
    }
    Floats.store(a.mul(factor), context, to);
    Floats.store(b.mul(factor), context, to + Floats.LANES);
    Floats.store(c.mul(factor), context, to + 2L * Floats.LANES);
    Floats.store(d.mul(factor), context, to + 3L * Floats.LANES);
  }

  private void gatherOne(long value, int count, float[] powers, float factor, long to) {
    FloatVector sum = Floats.zero();
    for (int j = 0; j < count; j++) {
      FloatVector power = FloatVector.broadcast(Floats.SPECIES, powers[j]);
      sum = Floats.load(values, value + (long) j * size).fma(power, sum);
    }
    Floats.store(sum.mul(factor), context, to);
  }
}
