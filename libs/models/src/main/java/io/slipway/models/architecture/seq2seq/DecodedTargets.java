package io.slipway.models.architecture.seq2seq;

import io.slipway.models.architecture.Continuation;
import io.slipway.models.architecture.NextTokens;
import io.slipway.models.layers.CausalPass;
import io.slipway.models.layers.Forward;
import io.slipway.models.layers.KvCache;
import io.slipway.models.runtime.Scope;
import io.slipway.models.runtime.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Targets that grow token by token. The source was read once: each layer keeps what it looks at of
 * it, all of it owned, like the cache of what it looks at of the target.
 */
final class DecodedTargets implements Continuation {

  private final Decoder decoder;
  private final KvCache cache;

  /** By layer: [rows, heads, length of the source, headSize] */
  private List<KeyValue> source;

  private @Nullable Tensor visibleSource;

  /** Which source each row was begun with. */
  private int[] origins;

  private boolean closed;

  /**
   * Begins with empty targets.
   *
   * @param encoded [rows, length of the source, features]
   * @param visible which of the source's tokens are real, or null when all are
   */
  DecodedTargets(
      Decoder decoder, int capacity, Forward forward, Tensor encoded, @Nullable Tensor visible) {
    Decoder.Size size = decoder.size();
    int rows = (int) encoded.size(0);
    this.decoder = decoder;
    this.origins = IntStream.range(0, rows).toArray();
    this.source =
        IntStream.range(0, size.layers())
            .mapToObj(layer -> kept(decoder.source(forward, layer, encoded)))
            .toList();
    this.visibleSource = visible == null ? null : Scope.keep(visible);
    this.cache =
        new KvCache(
            size.layers(),
            rows,
            size.heads(),
            size.headSize(),
            capacity,
            size.device(),
            size.type());
  }

  private static KeyValue kept(KeyValue source) {
    return new KeyValue(Scope.keep(source.keys()), Scope.keep(source.values()));
  }

  @Override
  public int rows() {
    return cache.rows();
  }

  @Override
  public int capacity() {
    return cache.capacity();
  }

  @Override
  public int length(int row) {
    return cache.length(row);
  }

  @Override
  public Tensor extend(Forward forward, long[][] tokens) {
    NextTokens next = checked(tokens);
    return Scope.result(() -> last(forward, next, run(forward, next)));
  }

  @Override
  public Tensor extend(Forward forward, long[][] tokens, ScoreReader reader) {
    NextTokens next = checked(tokens);
    return Scope.result(
        () -> {
          Tensor states = run(forward, next); // [rows, width, features]
          next.read(states, some -> decoder.scores(forward, some), new int[tokens.length], reader);
          return last(forward, next, states);
        });
  }

  private NextTokens checked(long[][] tokens) {
    NextTokens next = new NextTokens(tokens);
    next.check(this, decoder.size().vocabulary());
    return next;
  }

  /** [rows, width, features] */
  private Tensor run(Forward forward, NextTokens next) {
    int[] counts = next.counts();
    CausalPass pass =
        CausalPass.next(cache, counts, decoder.size().type(), decoder.sights(forward));
    Tensor states =
        decoder.states(
            forward,
            next.ids(decoder.size().device()),
            pass,
            new SourceMemory(source::get, visibleSource));
    cache.advance(counts);
    return states;
  }

  private Tensor last(Forward forward, NextTokens next, Tensor states) {
    return decoder.scores(forward, next.last(states, decoder.size().device()));
  }

  /** Rows that change places among the same source, as beams do, leave its memory as it is. */
  @Override
  public void select(int[] rows) {
    try (PointerScope scope = new PointerScope()) {
      cache.select(rows);
      int[] kept = IntStream.of(rows).map(row -> origins[row]).toArray();
      if (!Arrays.equals(kept, origins)) {
        long[] places = IntStream.of(rows).asLongStream().toArray();
        Tensor index = Tensors.of(places, decoder.size().device(), places.length);
        source =
            source.stream()
                .map(
                    layer -> new KeyValue(taken(layer.keys(), index), taken(layer.values(), index)))
                .toList();
        visibleSource = visibleSource == null ? null : taken(visibleSource, index);
        origins = kept;
      }
    }
  }

  /** Sources of unequal length are padded to the longer ones, which a mask hides. */
  @Override
  public void append(Continuation other) {
    if (!(other instanceof DecodedTargets more) || more.decoder != decoder) {
      throw new IllegalArgumentException("rows of another model, expected this one's");
    }
    try (PointerScope scope = new PointerScope()) {
      cache.append(more.cache);
      long own = sourceLength();
      long others = more.sourceLength();
      boolean padded = own != others;
      if (padded || visibleSource != null || more.visibleSource != null) {
        Tensor all = joined(visible(), more.visible(), 3);
        if (visibleSource != null) {
          Scope.release(visibleSource);
        }
        visibleSource = Scope.keep(all);
      }
      source =
          IntStream.range(0, source.size())
              .mapToObj(layer -> joined(source.get(layer), more.source.get(layer)))
              .toList();
      int next = IntStream.of(origins).max().orElse(-1) + 1;
      origins =
          IntStream.concat(IntStream.of(origins), IntStream.of(more.origins).map(row -> next + row))
              .toArray();
    }
  }

  private long sourceLength() {
    return source.getFirst().keys().size(2);
  }

  /** [rows, 1, 1, length of the source] */
  private Tensor visible() {
    if (visibleSource != null) {
      return visibleSource;
    }
    boolean[] all = new boolean[Math.toIntExact(origins.length * sourceLength())];
    Arrays.fill(all, true);
    return Tensors.of(all, decoder.size().device(), origins.length, 1, 1, sourceLength());
  }

  private static KeyValue joined(KeyValue own, KeyValue others) {
    KeyValue joined =
        new KeyValue(
            Scope.keep(joined(own.keys(), others.keys(), 2)),
            Scope.keep(joined(own.values(), others.values(), 2)));
    Scope.release(own.keys());
    Scope.release(own.values());
    return joined;
  }

  /** Rows after rows, filled with zeros to the same length. */
  private static Tensor joined(Tensor one, Tensor other, int dimension) {
    long length = Math.max(one.size(dimension), other.size(dimension));
    return torch.cat(
        new TensorVector(filled(one, dimension, length), filled(other, dimension, length)), 0);
  }

  private static Tensor filled(Tensor tensor, int dimension, long length) {
    long missing = length - tensor.size(dimension);
    if (missing == 0) {
      return tensor;
    }
    long[] padding = new long[2 * (4 - dimension)];
    padding[padding.length - 1] = missing;
    return torch.constant_pad_nd(tensor, padding, new Scalar(0));
  }

  private static Tensor taken(Tensor kept, Tensor index) {
    Tensor taken = Scope.keep(kept.index_select(0, index));
    Scope.release(kept);
    return taken;
  }

  /** Closing twice does nothing more. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    cache.close();
    for (KeyValue layer : source) {
      Scope.release(layer.keys());
      Scope.release(layer.values());
    }
    if (visibleSource != null) {
      Scope.release(visibleSource);
    }
  }
}
