package io.slipway.models.architecture.seq2seq;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.models.layers.Role;
import io.slipway.models.layers.Weights;
import io.slipway.models.layers.attention.PositionBias;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.Tensors;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * What each head adds to its scores by how far a key is from the query: near distances have a
 * bucket each, farther ones share buckets that widen logarithmically, and from {@code maxDistance}
 * on all share the last.
 *
 * @see <a href="https://arxiv.org/abs/1910.10683">Raffel et al. 2019, section 2.1</a>
 */
final class RelativePositions implements PositionBias {

  /**
   * Fields of config.json.
   *
   * @param buckets of both directions together, where there are two
   */
  record Config(int buckets, int maxDistance) {

    /** More than any text is long; the buckets of all distances are listed. */
    private static final int LONGEST = 1 << 20;

    static Config of(ModelConfig json) {
      int buckets = json.intOr("relative_attention_num_buckets", 32);
      int maxDistance = json.intOr("relative_attention_max_distance", 128);
      if (buckets < 4) {
        throw json.malformed(
            "relative_attention_num_buckets", "is " + buckets + ", expected at least 4");
      }
      if (maxDistance <= buckets / 2 || maxDistance > LONGEST) {
        throw json.malformed(
            "relative_attention_max_distance",
            "is %d, expected more than half of the %d buckets and at most %d"
                .formatted(maxDistance, buckets, LONGEST));
      }
      return new Config(buckets, maxDistance);
    }
  }

  private final Tensor weight;
  private final ComputeDevice device;
  private final boolean bidirectional;
  private final int buckets;
  private final long[] bucketOfDistance;

  /**
   * Takes {@code name.weight} [buckets, heads].
   *
   * @param bidirectional whether a query sees keys after it, which then have half of the buckets
   */
  RelativePositions(Weights weights, String name, Config config, int heads, boolean bidirectional) {
    this.weight = weights.parameter(name + ".weight", Role.KERNEL, config.buckets(), heads);
    this.device = weights.device();
    this.bidirectional = bidirectional;
    this.buckets = bidirectional ? config.buckets() / 2 : config.buckets();
    this.bucketOfDistance = bucketsOfDistances(buckets, config.maxDistance());
  }

  /**
   * Buckets of the distances from 0 to the largest that is told apart. In single precision, with
   * libtorch's logarithm: at the edges of buckets the reference's rounding decides.
   */
  private static long[] bucketsOfDistances(int buckets, int maxDistance) {
    int exact = buckets / 2;
    float[] ratios = new float[maxDistance + 1];
    for (int distance = 0; distance < ratios.length; distance++) {
      ratios[distance] = (float) distance / exact;
    }
    float[] logarithms =
        Tensors.floats(torch.log(Tensors.of(ratios, ComputeDevice.CPU, ratios.length)));
    float widest = (float) Math.log((double) maxDistance / exact);
    long[] result = new long[ratios.length];
    for (int distance = 0; distance < result.length; distance++) {
      result[distance] =
          distance < exact
              ? distance
              : Math.min(
                  buckets - 1, exact + (long) (logarithms[distance] / widest * (buckets - exact)));
    }
    return result;
  }

  /** Between all tokens of a sequence: [1, heads, length, length] */
  Tensor within(long length) {
    Tensor all =
        torch.arange(
            new Scalar(length),
            new TensorOptions()
                .dtype(new ScalarTypeOptional(ScalarType.Long))
                .device(new DeviceOptional(device.handle())));
    return between(all.unsqueeze(0), all);
  }

  @Override
  public Tensor between(Tensor queries, Tensor keys) {
    Tensor offsets = keys.sub(queries.unsqueeze(2)); // [1 or rows, width, keys]
    Tensor distances = bidirectional ? offsets.abs() : offsets.neg().clamp_min(new Scalar(0));
    Tensor table = Tensors.of(bucketOfDistance, device, bucketOfDistance.length);
    Tensor places =
        torch
            .embedding(
                table.unsqueeze(1), distances.clamp_max(new Scalar(bucketOfDistance.length - 1)))
            .squeeze(-1);
    if (bidirectional) {
      places = places.add(offsets.gt(new Scalar(0)).mul(new Scalar(buckets)));
    }
    return torch.embedding(weight, places).permute(0, 3, 1, 2).contiguous();
  }
}
