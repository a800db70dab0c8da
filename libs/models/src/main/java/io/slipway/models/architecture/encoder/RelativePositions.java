package io.slipway.models.architecture.encoder;

import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.Scope;
import io.slipway.models.runtime.Tensors;
import java.util.Arrays;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Which row of DeBERTa's table of relative positions stands for each pair of tokens. Near distances
 * have a row each; where there are buckets, farther ones share rows by their logarithm. Only rows
 * that a length comes to are used at all.
 *
 * @param first row of the table that is used first
 * @param count how many follow it, itself included
 * @param index [length, length] of long: for a query and a key, the row counted from the first
 */
record RelativePositions(int first, int count, Tensor index) {

  /**
   * The table's shape.
   *
   * @param span rows in each direction
   * @param buckets 0 when every distance has a row
   * @param farthest distance that the last bucket begins with
   */
  record Table(int span, int buckets, int farthest) {

    RelativePositions of(int length, ComputeDevice device) {
      long[] rows = new long[2 * length - 1];
      long[] bucket = buckets > 0 ? buckets(length) : null;
      for (int i = 0; i < rows.length; i++) {
        int distance = i - (length - 1); // query - key
        long place =
            bucket == null ? distance : Integer.signum(distance) * bucket[Math.abs(distance)];
        rows[i] = Math.clamp(place + span, 0, 2 * span - 1);
      }
      int first = (int) Arrays.stream(rows).min().orElseThrow();
      int last = (int) Arrays.stream(rows).max().orElseThrow();
      long[] index = new long[length * length];
      for (int query = 0; query < length; query++) {
        for (int key = 0; key < length; key++) {
          index[query * length + key] = rows[query - key + length - 1] - first;
        }
      }
      return new RelativePositions(
          first, last - first + 1, Tensors.of(index, device, length, length));
    }

    /** By distance; in single precision as the reference, since results are rounded up. */
    private long[] buckets(int length) {
      int middle = buckets / 2;
      long[] result = new long[length];
      float[] far =
          length <= middle + 1
              ? new float[0]
              : Tensors.floats(Scope.result(() -> logarithms(length, middle)));
      for (int distance = 0; distance < length; distance++) {
        result[distance] = distance <= middle ? distance : (long) far[distance];
      }
      return result;
    }

    private Tensor logarithms(int length, int middle) {
      float whole = (float) ((farthest - 1) / (double) middle);
      return torch
          .arange(new Scalar((long) length))
          .to(ScalarType.Float)
          .div(new Scalar((double) middle))
          .log()
          .div(Tensor.create(whole).log())
          .mul(new Scalar((double) (middle - 1)))
          .ceil()
          .add(new Scalar((double) middle));
    }
  }
}
