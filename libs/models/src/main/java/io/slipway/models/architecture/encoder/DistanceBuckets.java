package io.slipway.models.architecture.encoder;

import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.Scope;
import io.slipway.models.runtime.Tensors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Buckets of the distance between two tokens, as T5 introduced them: half of them for keys behind
 * the query, half for keys before it; of each half, half for one distance each and half for ever
 * larger ranges.
 *
 * @see <a href="https://arxiv.org/abs/1910.10683">Raffel et al. 2020</a>
 */
final class DistanceBuckets {

  /** Buckets in both directions. */
  static final int COUNT = 32;

  private static final int HALF = COUNT / 2;
  private static final int EXACT = HALF / 2;
  private static final double FARTHEST = 128;

  private DistanceBuckets() {}

  /** Bucket of each key as each query sees it: [length, length], queries first. */
  static Tensor bidirectional(int length, ComputeDevice device) {
    long[] bucket = byDistance(length);
    long[] ids = new long[length * length];
    for (int query = 0; query < length; query++) {
      for (int key = 0; key < length; key++) {
        ids[query * length + key] = bucket[Math.abs(key - query)] + (key > query ? HALF : 0);
      }
    }
    return Tensors.of(ids, device, length, length);
  }

  /** In single precision, as the reference does, since some logarithms fall on a bucket's edge. */
  private static long[] byDistance(int length) {
    long[] buckets = new long[length];
    float[] logarithms =
        Tensors.floats(
            Scope.result(
                () ->
                    torch
                        .arange(new Scalar((long) length))
                        .to(ScalarType.Float)
                        .div(new Scalar((double) EXACT))
                        .log()
                        .div(new Scalar(Math.log(FARTHEST / EXACT)))
                        .mul(new Scalar((double) (HALF - EXACT)))));
    for (int distance = 0; distance < length; distance++) {
      buckets[distance] =
          distance < EXACT ? distance : Math.min(EXACT + (long) logarithms[distance], HALF - 1);
    }
    return buckets;
  }
}
