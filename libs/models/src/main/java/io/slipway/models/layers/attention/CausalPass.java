package io.slipway.models.layers.attention;

import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.Tensors;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * One pass of tokens through a model that looks back only: where they stand in their sequences, and
 * which tokens each of them may see. All layers share it, so that masks are made once. Its tensors
 * belong to the scope in which it was made.
 *
 * <p>A pass is a rectangle of rows and width; a row that has fewer tokens than the width is padded
 * on the right.
 */
public final class CausalPass {

  /** The window of a layer that sees everything before. */
  public static final int UNLIMITED = Integer.MAX_VALUE;

  /**
   * What a layer's queries see.
   *
   * @param from first place of the keys that any query sees; {@code to} is the place after the last
   * @param mask what is added to the scores, broadcast to [rows, heads, width, to - from]; null
   *     when every query sees every key, or as {@code causal} says
   * @param causal whether each query sees the keys up to its own place, and there is no mask to say
   *     so
   */
  public record Sight(int from, int to, @Nullable Tensor mask, boolean causal) {}

  private final int rows;
  private final int width;
  private final int[] starts;
  private final int[] counts;
  private final boolean even;
  private final ComputeDevice device;
  private final ScalarType type;
  private final Tensor positions;
  private final Map<Integer, Sight> sights = new HashMap<>();
  private boolean biased;
  private @Nullable KvCache cache;
  private @Nullable Tensor places;

  private CausalPass(int[] starts, int[] counts, int width, ComputeDevice device, ScalarType type) {
    this.rows = starts.length;
    this.width = width;
    this.starts = starts;
    this.counts = counts;
    this.even = Arrays.stream(starts).distinct().count() == 1;
    this.device = device;
    this.type = type;
    this.positions = makePositions();
  }

  private CausalPass(CausalPass from) {
    this.rows = from.rows;
    this.width = from.width;
    this.starts = from.starts;
    this.counts = from.counts;
    this.even = from.even;
    this.device = from.device;
    this.type = from.type;
    this.positions = from.positions;
    this.sights.putAll(from.sights);
    this.biased = from.biased;
    this.cache = from.cache;
    this.places = from.places;
  }

  /**
   * Whole sequences, from their first token on; nothing is remembered.
   *
   * @param lengths tokens of each row that are not padding
   * @param type of the model's activations
   * @param sights how the model looks back
   */
  public static CausalPass whole(
      int[] lengths, int width, ComputeDevice device, ScalarType type, Sights sights) {
    CausalPass pass = new CausalPass(new int[lengths.length], lengths, width, device, type);
    pass.look(sights);
    return pass;
  }

  /**
   * The next tokens of remembered sequences. Once it has gone through all layers, {@link
   * KvCache#advance} takes note of them.
   *
   * @param counts tokens that each row gets, at least one
   * @throws IllegalArgumentException when a row would outgrow its capacity
   */
  public static CausalPass next(KvCache cache, int[] counts, ScalarType type, Sights sights) {
    int width = Arrays.stream(counts).max().orElse(0);
    CausalPass pass = new CausalPass(cache.lengths(), counts, width, cache.device(), type);
    cache.prepare(counts);
    pass.cache = cache;
    pass.places = pass.even ? null : cache.places(counts, width);
    pass.look(sights);
    return pass;
  }

  /**
   * How a model looks back.
   *
   * @param windows of its layers: how many tokens, itself included, each token sees
   * @param bias what is added to its scores, or null
   * @param explicit whether masks have to be written out, because a layer does not use the fused
   *     kernel
   */
  public record Sights(Set<Integer> windows, @Nullable PositionBias bias, boolean explicit) {}

  private Tensor makePositions() {
    if (even) {
      long start = starts[0];
      long[] values = new long[width];
      Arrays.setAll(values, i -> start + i);
      return Tensors.of(values, device, 1, width);
    }
    // Padding stands where its row's last token does, so that it never looks beyond all keys.
    long[] values = new long[rows * width];
    for (int i = 0; i < values.length; i++) {
      int row = i / width;
      values[i] = starts[row] + Math.min(i % width, counts[row] - 1);
    }
    return Tensors.of(values, device, rows, width);
  }

  private void look(Sights how) {
    biased = how.bias() != null;
    int end = IntStream.range(0, rows).map(row -> starts[row] + counts[row]).max().orElse(0);
    int reach = even ? starts[0] + width : end;
    for (int window : how.windows()) {
      sights.put(window, sight(window, reach, how));
    }
  }

  private Sight sight(int window, int end, Sights how) {
    int first = Arrays.stream(starts).min().orElse(0);
    boolean limited = window < end;
    int from = limited ? Math.max(0, first - window + 1) : 0;
    PositionBias bias = how.bias();
    boolean one = even && width == 1;
    if (bias == null && one) {
      return new Sight(from, end, null, false);
    }
    if (bias == null && even && first == 0 && !limited && !how.explicit()) {
      return new Sight(0, end, null, true);
    }
    Tensor keys =
        torch.arange(new Scalar((long) from), new Scalar((long) end), options(ScalarType.Long));
    Tensor mask = one ? null : mask(keys, limited ? window : UNLIMITED);
    if (bias != null) {
      Tensor added = bias.between(positions, keys).to(type);
      mask = mask == null ? added : mask.add(added);
    }
    return new Sight(from, end, mask, false);
  }

  /** [1 or rows, 1, width, keys] */
  private Tensor mask(Tensor keys, int window) {
    Tensor places = positions.view(positions.size(0), 1, width, 1);
    Tensor hidden = keys.gt(places);
    if (window != UNLIMITED) {
      hidden = hidden.logical_or(keys.le(places.sub(new Scalar((long) window))));
    }
    return torch
        .zeros(hidden.shape(), options(type))
        .masked_fill_(hidden, new Scalar(Double.NEGATIVE_INFINITY));
  }

  private TensorOptions options(ScalarType scalarType) {
    return new TensorOptions()
        .dtype(new ScalarTypeOptional(scalarType))
        .device(new DeviceOptional(device.handle()));
  }

  public int rows() {
    return rows;
  }

  public int width() {
    return width;
  }

  /** Whether all rows begin at the same place. */
  public boolean even() {
    return even;
  }

  /** Whether each row gets one token, which sees all before it that its layer's window lets it. */
  boolean isStep() {
    return width == 1 && !biased;
  }

  /** Tokens of a row before this pass. */
  public int start(int row) {
    return starts[row];
  }

  /** Tokens of a row once this pass is through, padding left out. */
  public int end(int row) {
    return starts[row] + counts[row];
  }

  public ComputeDevice device() {
    return device;
  }

  /** Type of the model's activations. */
  public ScalarType type() {
    return type;
  }

  /** Places of the tokens in their sequences, from zero: [1 or rows, width], int64 */
  public Tensor positions() {
    return positions;
  }

  /** What the queries of a layer see. */
  public Sight sight(int window) {
    Sight sight = sights.get(window);
    if (sight == null) {
      throw new IllegalStateException("the pass was not made for a window of " + window);
    }
    return sight;
  }

  /**
   * The same pass with another tensor as a window's mask: the one that a block got as its input, so
   * that a learned bias within it is trained when the block is run again.
   */
  public CausalPass masked(int window, Tensor mask) {
    CausalPass other = new CausalPass(this);
    Sight sight = sight(window);
    other.sights.put(window, new Sight(sight.from(), sight.to(), mask, false));
    other.biased = true;
    return other;
  }

  /** What is remembered of the sequences, or null for whole ones. */
  public @Nullable KvCache cache() {
    return cache;
  }

  Tensor places() {
    if (places == null) {
      throw new IllegalStateException("all rows begin at the same place");
    }
    return places;
  }
}
