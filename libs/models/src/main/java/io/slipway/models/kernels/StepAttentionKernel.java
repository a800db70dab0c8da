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
 * @param keys heads of all groups and places, like values
 * @param group queries that look at the same keys
 * @param cap of the scores, or infinity
 */
record StepAttentionKernel(
    MemorySegment context, Remembered keys, Remembered values, int group, float scale, float cap) {

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
    int size = keys.size();
    long own = (long) number * size;
    RotationKernel rotation = token.rotation();
    keys.write(place, rotation, row, token.k(), own);
    values.write(place, RotationKernel.NONE, row, token.v(), own);
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
    float[][] scores = new float[group][Math.ceilDiv(count, Floats.LANES) * Floats.LANES];
    int part = keys.atOnce(count);
    for (int from = 0; from < count; from += part) {
      int end = Math.min(count, from + part);
      MemorySegment seen = keys.read(first + from, end - from);
      for (int i = 0; i < group; i++) {
        score(query(number, i), seen, from, end, scores[i]);
      }
    }
    for (int i = 0; i < group; i++) {
      becomeShares(scores[i], count);
      clear(query(number, i));
    }
    for (int from = 0; from < count; from += part) {
      int end = Math.min(count, from + part);
      MemorySegment seen = values.read(first + from, end - from);
      for (int i = 0; i < group; i++) {
        gather(seen, from, end, scores[i], query(number, i));
      }
    }
  }

  /** Where a query of a group is, and what comes of it. */
  private long query(int number, int i) {
    return ((long) number * group + i) * keys.size();
  }

  /** Scores of the keys from one to before another, of which the first is at the beginning. */
  private void score(long query, MemorySegment seen, int from, int end, float[] scores) {
    int size = keys.size();
    int j = from;
    for (; j + TOGETHER <= end; j += TOGETHER) {
      fourScores(query, seen, (long) (j - from) * size, size, scores, j);
    }
    for (; j < end; j++) {
      scores[j] = score(query, seen, (long) (j - from) * size, size);
    }
  }

  private void fourScores(
      long query, MemorySegment seen, long key, int size, float[] scores, int j) {
    FloatVector a = Floats.zero();
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    for (int i = 0; i < size; i += Floats.LANES) {
      FloatVector v = Floats.load(context, query + i);
      a = Floats.load(seen, key + i).fma(v, a);
      b = Floats.load(seen, key + size + i).fma(v, b);
      c = Floats.load(seen, key + 2L * size + i).fma(v, c);
      d = Floats.load(seen, key + 3L * size + i).fma(v, d);
    }
    scores[j] = a.reduceLanes(ADD);
    scores[j + 1] = b.reduceLanes(ADD);
    scores[j + 2] = c.reduceLanes(ADD);
    scores[j + 3] = d.reduceLanes(ADD);
  }

  private float score(long query, MemorySegment seen, long key, int size) {
    FloatVector sum = Floats.zero();
    for (int i = 0; i < size; i += Floats.LANES) {
      sum = Floats.load(seen, key + i).fma(Floats.load(context, query + i), sum);
    }
    return sum.reduceLanes(ADD);
  }

  /** The softmax of scores; what is beyond their count gets nothing. */
  private void becomeShares(float[] scores, int count) {
    bound(scores);
    Arrays.fill(scores, count, scores.length, Float.NEGATIVE_INFINITY);
    float factor = 1 / exponentiate(scores);
    for (int j = 0; j < scores.length; j += Floats.LANES) {
      FloatVector.fromArray(Floats.SPECIES, scores, j).mul(factor).intoArray(scores, j);
    }
  }

  private void clear(long to) {
    for (int i = 0; i < keys.size(); i += Floats.LANES) {
      Floats.store(Floats.zero(), context, to + i);
    }
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

  /** Adds the values from one to before another by their shares. */
  private void gather(MemorySegment seen, int from, int end, float[] shares, long to) {
    int size = keys.size();
    int i = 0;
    for (; i + TOGETHER * Floats.LANES <= size; i += TOGETHER * Floats.LANES) {
      gatherFour(seen, i, size, from, end, shares, to + i);
    }
    for (; i < size; i += Floats.LANES) {
      gatherOne(seen, i, size, from, end, shares, to + i);
    }
  }

  private void gatherFour(
      MemorySegment seen, int i, int size, int from, int end, float[] shares, long to) {
    FloatVector a = Floats.load(context, to);
    FloatVector b = Floats.load(context, to + Floats.LANES);
    FloatVector c = Floats.load(context, to + 2L * Floats.LANES);
    FloatVector d = Floats.load(context, to + 3L * Floats.LANES);
    for (int j = from; j < end; j++) {
      FloatVector share = FloatVector.broadcast(Floats.SPECIES, shares[j]);
      long at = (long) (j - from) * size + i;
      a = Floats.load(seen, at).fma(share, a);
      b = Floats.load(seen, at + Floats.LANES).fma(share, b);
      c = Floats.load(seen, at + 2L * Floats.LANES).fma(share, c);
      d = Floats.load(seen, at + 3L * Floats.LANES).fma(share, d);
    }
    Floats.store(a, context, to);
    Floats.store(b, context, to + Floats.LANES);
    Floats.store(c, context, to + 2L * Floats.LANES);
    Floats.store(d, context, to + 3L * Floats.LANES);
  }

  private void gatherOne(
      MemorySegment seen, int i, int size, int from, int end, float[] shares, long to) {
    FloatVector sum = Floats.load(context, to);
    for (int j = from; j < end; j++) {
      FloatVector share = FloatVector.broadcast(Floats.SPECIES, shares[j]);
      sum = Floats.load(seen, (long) (j - from) * size + i).fma(share, sum);
    }
    Floats.store(sum, context, to);
  }
}
