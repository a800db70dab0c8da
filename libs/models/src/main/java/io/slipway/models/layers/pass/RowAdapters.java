package io.slipway.models.layers.pass;

import io.slipway.models.layers.pass.LinearChange.LowRank;
import io.slipway.models.layers.pass.LinearChange.Replacement;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.Tensors;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Which adapter each row of a batch goes through. Rows that share a batch do not see each other's
 * adapters, and rows without one come out bit for bit as if there were none in the batch.
 *
 * <p>Belongs to the scope in which it was made.
 */
public final class RowAdapters {

  /** All rows go through the model as it is. */
  public static final RowAdapters NONE = new RowAdapters(0, List.of(), List.of(), null);

  private final int rows;
  private final List<Group> groups;
  private final List<Optional<Adapter>> perRow;

  /** Of the model; null where rows are not told apart. */
  private final @Nullable ComputeDevice device;

  /**
   * Rows that go through the same adapter.
   *
   * @param index [number of these rows], or null when they are all there are
   */
  private record Group(Adapter adapter, @Nullable Tensor index) {}

  private RowAdapters(
      int rows,
      List<Group> groups,
      List<Optional<Adapter>> perRow,
      @Nullable ComputeDevice device) {
    this.rows = rows;
    this.groups = groups;
    this.perRow = List.copyOf(perRow);
    this.device = device;
  }

  /** All rows, however many, go through one adapter. */
  public static RowAdapters all(Adapter adapter) {
    return new RowAdapters(0, List.of(new Group(adapter, null)), List.of(), null);
  }

  /**
   * Each row goes through its own.
   *
   * @param perRow one for each row of the batch; empty for the model as it is
   */
  public static RowAdapters of(List<Optional<Adapter>> perRow, ComputeDevice device) {
    Map<Adapter, long[]> rowsOf = new LinkedHashMap<>();
    perRow.stream()
        .flatMap(Optional::stream)
        .distinct()
        .forEach(
            adapter ->
                rowsOf.put(
                    adapter,
                    IntStream.range(0, perRow.size())
                        .filter(i -> perRow.get(i).filter(adapter::equals).isPresent())
                        .mapToLong(i -> i)
                        .toArray()));
    List<Group> groups =
        rowsOf.entrySet().stream()
            .map(
                entry ->
                    new Group(
                        entry.getKey(),
                        entry.getValue().length == perRow.size()
                            ? null
                            : Tensors.of(entry.getValue(), device, entry.getValue().length)))
            .toList();
    return new RowAdapters(perRow.size(), groups, perRow, device);
  }

  /** [...] to [rows, ...] where rows are told apart. */
  Tensor forEachRow(Tensor x) {
    return perRow.isEmpty()
        ? x
        : torch.stack(new TensorVector(Collections.nCopies(rows, x).toArray(Tensor[]::new)));
  }

  /** The same adapters for other rows: by new row, the row whose adapter it goes through. */
  RowAdapters rows(int[] origins) {
    return device == null
        ? this
        : of(Arrays.stream(origins).mapToObj(perRow::get).toList(), device);
  }

  /**
   * Runs a linear layer.
   *
   * @param x [rows, ..., inputs], or the rows' positions one after another: [rows * n, inputs]
   * @param plain runs the layer as it is
   * @return [rows, ..., outputs]. Where a row's adapter brings a layer with more outputs than the
   *     others', these have NaN there
   */
  public Tensor apply(String name, Forward forward, Tensor x, Supplier<Tensor> plain) {
    @Nullable Tensor y = null;
    for (Group group : groups) {
      LinearChange change = group.adapter().change(name);
      if (change == null) {
        continue;
      }
      Tensor index = group.index();
      if (index == null) {
        return switch (change) {
          case LowRank lowRank -> plain.get().add(lowRank.delta(forward, x));
          case Replacement replacement -> replacement.apply(forward, x);
        };
      }
      Tensor positions = positions(index, x);
      Tensor part = x.index_select(0, positions);
      Tensor before = y == null ? plain.get() : y;
      y =
          switch (change) {
            case LowRank lowRank -> before.index_add_(0, positions, lowRank.delta(forward, part));
            case Replacement replacement ->
                replaced(before, positions, replacement.apply(forward, part));
          };
    }
    return y == null ? plain.get() : y;
  }

  /** Indices in the first dimension of x that belong to some rows. */
  private Tensor positions(Tensor index, Tensor x) {
    if (x.size(0) == rows) {
      return index;
    }
    if (x.size(0) % rows != 0) {
      throw new IllegalStateException(
          "adapters were chosen for %d rows, but a layer got an input of shape %s"
              .formatted(rows, LongStream.of(x.shape()).boxed().toList()));
    }
    long each = x.size(0) / rows;
    return index
        .mul(new Scalar(each))
        .unsqueeze(1)
        .add(torch.arange(new Scalar(each)).to(index.device(), index.scalar_type())) // [n, each]
        .flatten();
  }

  private static Tensor replaced(Tensor y, Tensor positions, Tensor part) {
    long outputs = Math.max(y.size(-1), part.size(-1));
    return widened(y, outputs).index_copy_(0, positions, widened(part, outputs));
  }

  private static Tensor widened(Tensor y, long outputs) {
    if (y.size(-1) == outputs) {
      return y;
    }
    long[] added = y.shape();
    added[added.length - 1] = outputs - y.size(-1);
    Tensor nothing = torch.full(added, new Scalar(Double.NaN), y.options());
    return torch.cat(new TensorVector(y, nothing), -1);
  }
}
