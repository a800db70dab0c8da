package io.slipway.models.layers.attention;

import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.Scope;
import io.slipway.models.runtime.Tensors;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * What attention layers remember of sequences: the keys and values of each token so far, written in
 * place. Rows are sequences, each with a length of its own; places beyond a row's length hold any
 * finite numbers, which a mask hides. Memory is taken up as it is written.
 *
 * <p>Owns its tensors until {@link #close}, which like everything here runs on the compute thread.
 */
public final class KvCache implements AutoCloseable {

  /** Places that are cleared at a time, ahead of rows of unequal length. */
  private static final int CLEARED = 256;

  private final int heads;
  private final int headSize;
  private final int capacity;
  private final ComputeDevice device;
  private final ScalarType type;

  /** By layer: [slots, heads, capacity + 1, headSize]; the last place takes what is padding. */
  private final Tensor[] keys;

  private final Tensor[] values;
  private int slots;

  /** By row: tokens that are remembered. */
  private int[] lengths;

  /** Places before this one hold numbers in every row. */
  private int written;

  /**
   * A cache of empty rows.
   *
   * @param heads of keys and values
   * @param capacity tokens that a row may come to have
   * @param type that keys and values are remembered in
   */
  public KvCache(
      int layers,
      int rows,
      int heads,
      int headSize,
      int capacity,
      ComputeDevice device,
      ScalarType type) {
    if (rows < 0 || capacity < 1) {
      throw new IllegalArgumentException(
          "%d rows of %d tokens, expected at least 0 rows of at least 1 token"
              .formatted(rows, capacity));
    }
    this.heads = heads;
    this.headSize = headSize;
    this.capacity = capacity;
    this.device = device;
    this.type = type;
    this.slots = Math.max(rows, 1);
    this.lengths = new int[rows];
    this.keys = IntStream.range(0, layers).mapToObj(i -> kept(slots)).toArray(Tensor[]::new);
    this.values = IntStream.range(0, layers).mapToObj(i -> kept(slots)).toArray(Tensor[]::new);
  }

  private KvCache(KvCache whole, int first, int count) {
    this.heads = whole.heads;
    this.headSize = whole.headSize;
    this.capacity = whole.capacity;
    this.device = whole.device;
    this.type = whole.type;
    this.slots = count;
    this.lengths = Arrays.copyOfRange(whole.lengths, first, first + count);
    this.written = whole.written;
    this.keys = part(whole.keys, first, count);
    this.values = part(whole.values, first, count);
  }

  private static Tensor[] part(Tensor[] tensors, int first, int count) {
    return Arrays.stream(tensors).map(all -> all.narrow(0, first, count)).toArray(Tensor[]::new);
  }

  /**
   * Some of the rows, which share their memory with this one: for one pass, that room has been
   * {@linkplain #prepare made} for. The current scope owns it.
   */
  public KvCache part(int first, int count) {
    return new KvCache(this, first, count);
  }

  private Tensor kept(int slotCount) {
    TensorOptions options =
        new TensorOptions()
            .dtype(new ScalarTypeOptional(type))
            .device(new DeviceOptional(device.handle()));
    long[] shape = {slotCount, heads, capacity + 1L, headSize};
    return Scope.keep(torch.empty(shape, options, null));
  }

  public int rows() {
    return lengths.length;
  }

  public int capacity() {
    return capacity;
  }

  /** Tokens of a row that are remembered. */
  public int length(int row) {
    return lengths[row];
  }

  int[] lengths() {
    return lengths.clone();
  }

  ComputeDevice device() {
    return device;
  }

  /**
   * Makes room for a pass over every row, all at once or in {@linkplain #part parts}.
   *
   * @param counts tokens that each row is about to get
   * @throws IllegalArgumentException when a row would outgrow its capacity
   */
  public void prepare(int[] counts) {
    int end = 0;
    for (int row = 0; row < lengths.length; row++) {
      int length = lengths[row] + counts[row];
      if (length > capacity) {
        throw new IllegalArgumentException(
            "row %d would have %d tokens, but was begun for %d".formatted(row, length, capacity));
      }
      end = Math.max(end, length);
    }
    if (equal(lengths) && equal(counts)) {
      written = Math.max(written, end); // by this pass, in every row
    } else {
      clear(end);
    }
  }

  private static boolean equal(int[] numbers) {
    return Arrays.stream(numbers).distinct().count() <= 1;
  }

  /** Puts numbers into all places before an end, and some beyond. */
  private void clear(int end) {
    if (end > written) {
      int until = Math.min(capacity + 1, end + CLEARED);
      for (int layer = 0; layer < keys.length; layer++) {
        keys[layer].narrow(2, written, until - written).zero_();
        values[layer].narrow(2, written, until - written).zero_();
      }
      written = until;
    }
  }

  /**
   * The place of each of a pass's tokens, for each head: [rows * heads * width]. Padding goes to
   * the place after its row's last token.
   */
  Tensor places(int[] counts, int width) {
    long[] places = new long[lengths.length * heads * width];
    int at = 0;
    for (int row = 0; row < lengths.length; row++) {
      for (int head = 0; head < heads; head++) {
        long first = ((long) row * heads + head) * (capacity + 1L) + lengths[row];
        for (int i = 0; i < width; i++) {
          places[at++] = first + Math.min(i, counts[row]);
        }
      }
    }
    return Tensors.of(places, device, places.length);
  }

  /**
   * Writes keys and values of a layer for the tokens of a pass; both [rows, heads, width, size].
   */
  void append(int layer, CausalPass pass, Tensor k, Tensor v) {
    if (pass.even()) {
      int start = pass.start(0);
      rowsOf(keys[layer]).narrow(2, start, pass.width()).copy_(k);
      rowsOf(values[layer]).narrow(2, start, pass.width()).copy_(v);
    } else {
      flat(keys[layer]).index_copy_(0, pass.places(), k.reshape(-1, headSize).to(type));
      flat(values[layer]).index_copy_(0, pass.places(), v.reshape(-1, headSize).to(type));
    }
  }

  private Tensor flat(Tensor tensor) {
    return tensor.view(-1, headSize);
  }

  private Tensor rowsOf(Tensor tensor) {
    return lengths.length == slots ? tensor : tensor.narrow(0, 0, lengths.length);
  }

  /** A layer's keys: [at least rows, heads, capacity + 1, headSize], contiguous */
  Tensor keys(int layer) {
    return keys[layer];
  }

  /** A layer's values, like its keys. */
  Tensor values(int layer) {
    return values[layer];
  }

  /** A view of a layer's keys in some places: [rows, heads, to - from, headSize] */
  Tensor keys(int layer, int from, int to) {
    return rowsOf(keys[layer]).narrow(2, from, to - from);
  }

  /** A view of a layer's values in some places: [rows, heads, to - from, headSize] */
  Tensor values(int layer, int from, int to) {
    return rowsOf(values[layer]).narrow(2, from, to - from);
  }

  /** Takes note of the tokens that all layers have now written. */
  public void advance(int[] counts) {
    for (int row = 0; row < lengths.length; row++) {
      lengths[row] += counts[row];
    }
  }

  /**
   * Takes rows over into new places: row i becomes what row {@code rows[i]} was. Only rows that
   * change place are copied.
   */
  public void select(int[] rows) {
    for (int row : rows) {
      checkRow(row);
    }
    grow(rows.length);
    clear(lengths.length, rows.length);
    int[] moved = IntStream.range(0, rows.length).filter(i -> rows[i] != i).toArray();
    int used = Arrays.stream(moved).map(i -> lengths[rows[i]]).max().orElse(0);
    if (used > 0) {
      Tensor from = index(Arrays.stream(moved).map(i -> rows[i]).toArray());
      Tensor to = index(moved);
      for (int layer = 0; layer < keys.length; layer++) {
        move(keys[layer], from, to, used);
        move(values[layer], from, to, used);
      }
    }
    lengths = Arrays.stream(rows).map(row -> lengths[row]).toArray();
  }

  private Tensor index(int[] rows) {
    return Tensors.of(Arrays.stream(rows).asLongStream().toArray(), device, rows.length);
  }

  private static void move(Tensor tensor, Tensor from, Tensor to, int used) {
    Tensor part = tensor.narrow(2, 0, used);
    part.index_copy_(0, to, part.index_select(0, from));
  }

  /** Adds empty rows after the others. */
  public void join(int rows) {
    if (rows < 0) {
      throw new IllegalArgumentException(rows + " rows, expected at least 0");
    }
    grow(lengths.length + rows);
    clear(lengths.length, lengths.length + rows);
    lengths = Arrays.copyOf(lengths, lengths.length + rows);
  }

  /**
   * Adds copies of another cache's rows after the others.
   *
   * @param other of the same model
   * @throws IllegalArgumentException when one of its rows is longer than the capacity
   */
  public void append(KvCache other) {
    int used = Arrays.stream(other.lengths).max().orElse(0);
    if (used > capacity) {
      throw new IllegalArgumentException(
          "a row of %d tokens, but these were begun for %d".formatted(used, capacity));
    }
    int before = lengths.length;
    int count = other.lengths.length;
    join(count);
    if (used > 0) {
      clear(used);
      for (int layer = 0; layer < keys.length; layer++) {
        copy(keys[layer], before, other.keys[layer], count, used);
        copy(values[layer], before, other.values[layer], count, used);
      }
    }
    System.arraycopy(other.lengths, 0, lengths, before, count);
  }

  private static void copy(Tensor to, int row, Tensor from, int rows, int used) {
    to.narrow(0, row, rows).narrow(2, 0, used).copy_(from.narrow(0, 0, rows).narrow(2, 0, used));
  }

  /** Lets a row be the first tokens of another, or of itself; what it was is forgotten. */
  public void reuse(int row, int source, int tokens) {
    checkRow(row);
    checkRow(source);
    if (tokens < 0 || tokens > lengths[source]) {
      throw new IllegalArgumentException(
          "%d tokens of row %d, which has %d".formatted(tokens, source, lengths[source]));
    }
    if (row != source && tokens > 0) {
      for (int layer = 0; layer < keys.length; layer++) {
        copy(keys[layer], row, source, tokens);
        copy(values[layer], row, source, tokens);
      }
    }
    lengths[row] = tokens;
  }

  private static void copy(Tensor tensor, int row, int source, int tokens) {
    tensor.select(0, row).narrow(1, 0, tokens).copy_(tensor.select(0, source).narrow(1, 0, tokens));
  }

  private void checkRow(int row) {
    if (row < 0 || row >= lengths.length) {
      throw new IllegalArgumentException(
          "there is no row %d among %d".formatted(row, lengths.length));
    }
  }

  /** Puts numbers where rows that come into use may hold anything. */
  private void clear(int from, int to) {
    if (from >= to || written == 0) {
      return;
    }
    for (int layer = 0; layer < keys.length; layer++) {
      keys[layer].narrow(0, from, to - from).narrow(2, 0, written).zero_();
      values[layer].narrow(0, from, to - from).narrow(2, 0, written).zero_();
    }
  }

  private void grow(int rows) {
    if (rows <= slots) {
      return;
    }
    int before = slots;
    slots = Math.max(rows, before + before / 2);
    for (int layer = 0; layer < keys.length; layer++) {
      keys[layer] = grown(keys[layer], before);
      values[layer] = grown(values[layer], before);
    }
  }

  private Tensor grown(Tensor old, int before) {
    Tensor more = kept(slots);
    if (written > 0) {
      more.narrow(0, 0, before).narrow(2, 0, written).copy_(old.narrow(2, 0, written));
    }
    Scope.release(old);
    return more;
  }

  @Override
  public void close() {
    for (int layer = 0; layer < keys.length; layer++) {
      Scope.release(keys[layer]);
      Scope.release(values[layer]);
    }
  }
}
