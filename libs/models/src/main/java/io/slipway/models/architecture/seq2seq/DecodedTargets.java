package io.slipway.models.architecture.seq2seq;

import io.slipway.models.architecture.Continuation;
import io.slipway.models.layers.Forward;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.Scope;
import io.slipway.models.runtime.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Targets that grow token by token. The source was read once: each layer keeps what it looks at of
 * it. What it looks at of the target is written in place into room for the whole capacity.
 */
final class DecodedTargets implements Continuation {

  private final Decoder decoder;
  private final ComputeDevice device;
  private final int capacity;
  private final List<LayerMemory> layers = new ArrayList<>();
  private @Nullable Tensor visibleSource;
  private int[] sources;
  private int[] lengths;

  /**
   * What a layer keeps, all of it owned.
   *
   * @param source [rows, heads, length of the source, headSize]
   * @param keys [rows, capacity, heads, headSize], zero where nothing has been written, since even
   *     what has no weight must be a number; so are the values
   */
  private record LayerMemory(KeyValue source, Tensor keys, Tensor values) {

    void release() {
      Scope.release(source.keys());
      Scope.release(source.values());
      Scope.release(keys);
      Scope.release(values);
    }
  }

  /**
   * Begins with empty targets.
   *
   * @param encoded [rows, length of the source, features]
   * @param visible which of the source's tokens are real, or null when all are
   */
  DecodedTargets(
      Decoder decoder,
      ComputeDevice device,
      int capacity,
      Forward forward,
      Tensor encoded,
      @Nullable Tensor visible) {
    this.decoder = decoder;
    this.device = device;
    this.capacity = capacity;
    this.visibleSource = visible == null ? null : Scope.keep(visible);
    this.sources = IntStream.range(0, (int) encoded.size(0)).toArray();
    this.lengths = new int[sources.length];
    for (int i = 0; i < decoder.layers(); i++) {
      KeyValue source = decoder.source(forward, i, encoded);
      layers.add(
          new LayerMemory(
              new KeyValue(Scope.keep(source.keys()), Scope.keep(source.values())),
              Scope.keep(room(source.keys(), sources.length)),
              Scope.keep(room(source.values(), sources.length))));
    }
  }

  /** [rows, capacity, heads, headSize] for keys or values like those of the source. */
  private Tensor room(Tensor source, int rows) {
    return torch.zeros(
        new long[] {rows, capacity, source.size(1), source.size(3)}, source.options());
  }

  @Override
  public int rows() {
    return lengths.length;
  }

  @Override
  public int length(int row) {
    return lengths[row];
  }

  @Override
  public Tensor extend(Forward forward, long[][] tokens) {
    check(tokens);
    TargetTokens next = TargetTokens.next(tokens, lengths.clone());
    Tensor scores =
        Scope.result(
            () -> {
              Tensor states = decoder.states(forward, next, pass(next)); // [b, t, h]
              return decoder.scores(forward, last(states, next));
            });
    for (int row = 0; row < lengths.length; row++) {
      lengths[row] += tokens[row].length;
    }
    return scores;
  }

  private void check(long[][] tokens) {
    if (tokens.length != lengths.length) {
      throw new IllegalArgumentException(
          "tokens for %d rows, expected %d".formatted(tokens.length, lengths.length));
    }
    for (int row = 0; row < tokens.length; row++) {
      if (tokens[row].length == 0) {
        throw new IllegalArgumentException("no token for row %d, expected one".formatted(row));
      }
      if (lengths[row] + tokens[row].length > capacity) {
        throw new IllegalArgumentException(
            "row %d has %d tokens and gets %d more, but its capacity is %d"
                .formatted(row, lengths[row], tokens[row].length, capacity));
      }
      for (long token : tokens[row]) {
        if (token < 0 || token >= decoder.vocabulary()) {
          throw new IllegalArgumentException(
              "token id %d, but the model's vocabulary has %d"
                  .formatted(token, decoder.vocabulary()));
        }
      }
    }
  }

  /** Each row's last state: [b, t, h] to [b, h] */
  private Tensor last(Tensor states, TargetTokens tokens) {
    if (tokens.even()) {
      return states.select(1, tokens.length() - 1);
    }
    long[] ends =
        IntStream.range(0, tokens.rows())
            .mapToLong(row -> (long) row * tokens.length() + tokens.counts()[row] - 1)
            .toArray();
    return states.flatten(0, 1).index_select(0, Tensors.of(ends, device, ends.length));
  }

  private DecoderMemory pass(TargetTokens tokens) {
    return tokens.even() ? new EvenPass(tokens) : new UnevenPass(tokens);
  }

  /** A pass over the layers' memory. */
  private abstract class Pass implements DecoderMemory {

    final int keys;

    Pass(TargetTokens tokens) {
      this.keys = tokens.keys();
    }

    /** Writes [b, t, heads, headSize] into [b, capacity, heads, headSize]. */
    abstract void write(Tensor room, Tensor fresh);

    @Override
    public KeyValue source(int layer) {
      return layers.get(layer).source();
    }

    @Override
    public @Nullable Tensor visibleSource() {
      return visibleSource;
    }

    @Override
    public KeyValue target(int layer, KeyValue fresh) {
      LayerMemory memory = layers.get(layer);
      write(memory.keys(), fresh.keys().transpose(1, 2));
      write(memory.values(), fresh.values().transpose(1, 2));
      return new KeyValue(sofar(memory.keys()), sofar(memory.values()));
    }

    private Tensor sofar(Tensor room) {
      return room.narrow(1, 0, keys).transpose(1, 2); // [b, heads, keys, headSize]
    }
  }

  /** All rows are at the same place. */
  private final class EvenPass extends Pass {

    private final TargetTokens tokens;

    EvenPass(TargetTokens tokens) {
      super(tokens);
      this.tokens = tokens;
    }

    @Override
    void write(Tensor room, Tensor fresh) {
      room.narrow(1, tokens.begins()[0], tokens.length()).copy_(fresh);
    }
  }

  /** Each row is at a place of its own; padding is not written. */
  private final class UnevenPass extends Pass {

    private final Tensor from;
    private final Tensor to;

    UnevenPass(TargetTokens tokens) {
      super(tokens);
      int real = Arrays.stream(tokens.counts()).sum();
      long[] source = new long[real];
      long[] place = new long[real];
      int at = 0;
      for (int row = 0; row < tokens.rows(); row++) {
        for (int i = 0; i < tokens.counts()[row]; i++) {
          source[at] = (long) row * tokens.length() + i;
          place[at++] = (long) row * capacity + tokens.begins()[row] + i;
        }
      }
      this.from = Tensors.of(source, device, real);
      this.to = Tensors.of(place, device, real);
    }

    @Override
    void write(Tensor room, Tensor fresh) {
      room.flatten(0, 1).index_copy_(0, to, fresh.flatten(0, 1).index_select(0, from));
    }
  }

  @Override
  public void select(int[] rows) {
    if (rows.length == 0) {
      throw new IllegalArgumentException("no row is selected, expected at least one");
    }
    for (int row : rows) {
      Objects.checkIndex(row, lengths.length);
    }
    if (Arrays.equals(rows, IntStream.range(0, lengths.length).toArray())) {
      return;
    }
    int[] kept = IntStream.of(rows).map(row -> sources[row]).toArray();
    boolean sameSources = Arrays.equals(kept, sources);
    try (PointerScope scope = new PointerScope()) {
      Tensor places = Tensors.of(IntStream.of(rows).asLongStream().toArray(), device, rows.length);
      layers.replaceAll(layer -> select(layer, places, rows.length, sameSources));
      if (!sameSources && visibleSource != null) {
        visibleSource = taken(visibleSource, places);
      }
    }
    sources = kept;
    lengths = IntStream.of(rows).map(row -> lengths[row]).toArray();
  }

  private LayerMemory select(LayerMemory layer, Tensor places, int rows, boolean sameSources) {
    KeyValue source =
        sameSources
            ? layer.source()
            : new KeyValue(
                taken(layer.source().keys(), places), taken(layer.source().values(), places));
    return new LayerMemory(
        source, moved(layer.keys(), places, rows), moved(layer.values(), places, rows));
  }

  private static Tensor taken(Tensor kept, Tensor places) {
    Tensor taken = Scope.keep(kept.index_select(0, places));
    Scope.release(kept);
    return taken;
  }

  /** Moves what has been written, in place where the number of rows stays the same. */
  private Tensor moved(Tensor room, Tensor places, int rows) {
    int written = Arrays.stream(lengths).max().orElse(0);
    Tensor moved = room.narrow(1, 0, written).index_select(0, places);
    if (rows == room.size(0)) {
      room.narrow(1, 0, written).copy_(moved);
      return room;
    }
    Tensor other =
        Scope.keep(
            torch.zeros(new long[] {rows, capacity, room.size(2), room.size(3)}, room.options()));
    other.narrow(1, 0, written).copy_(moved);
    Scope.release(room);
    return other;
  }

  /** Closing twice does nothing more. */
  @Override
  public void close() {
    layers.forEach(LayerMemory::release);
    layers.clear();
    if (visibleSource != null) {
      Scope.release(visibleSource);
      visibleSource = null;
    }
  }
}
