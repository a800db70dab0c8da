package io.slipway.models.architecture.seq2seq;

import io.slipway.models.architecture.Continuation;
import io.slipway.models.architecture.NextTokens;
import io.slipway.models.layers.attention.CausalPass;
import io.slipway.models.layers.attention.KvCache;
import io.slipway.models.layers.pass.Forward;
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

  /** Tokens of each row's source; the places after them are padding. */
  private int[] sourceLengths;

  /** [rows, 1, 1, length of the source], or null when nothing is padded */
  private @Nullable Tensor visibleSource;

  /** Which source each row was begun with. */
  private int[] origins;

  private boolean closed;

  /**
   * Begins with empty targets.
   *
   * @param encoded [rows, length of the source, features]
   * @param sourceLengths which of the source's tokens are real: the first ones of each row
   */
  DecodedTargets(
      Decoder decoder, int capacity, Forward forward, Tensor encoded, int[] sourceLengths) {
    Decoder.Size size = decoder.size();
    int rows = (int) encoded.size(0);
    this.decoder = decoder;
    this.origins = IntStream.range(0, rows).toArray();
    this.source =
        IntStream.range(0, size.layers())
            .mapToObj(layer -> kept(decoder.source(forward, layer, encoded)))
            .toList();
    this.sourceLengths = sourceLengths;
    this.visibleSource = visible();
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
        int longest = IntStream.of(rows).map(row -> sourceLengths[row]).max().orElse(0);
        long[] places = IntStream.of(rows).asLongStream().toArray();
        Tensor index = Tensors.of(places, decoder.size().device(), places.length);
        source =
            source.stream()
                .map(
                    layer ->
                        new KeyValue(
                            taken(layer.keys(), index, longest),
                            taken(layer.values(), index, longest)))
                .toList();
        origins = kept;
        see(IntStream.of(rows).map(row -> sourceLengths[row]).toArray());
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
      source =
          IntStream.range(0, source.size())
              .mapToObj(layer -> joined(source.get(layer), more.source.get(layer)))
              .toList();
      see(
          IntStream.concat(IntStream.of(sourceLengths), IntStream.of(more.sourceLengths))
              .toArray());
      int next = IntStream.of(origins).max().orElse(-1) + 1;
      origins =
          IntStream.concat(IntStream.of(origins), IntStream.of(more.origins).map(row -> next + row))
              .toArray();
    }
  }

  /** Takes note of the rows' sources, once their keys and values are in place. */
  private void see(int[] lengths) {
    if (visibleSource != null) {
      Scope.release(visibleSource);
    }
    sourceLengths = lengths;
    visibleSource = visible();
  }

  /** A mask of the sources' real tokens, kept. */
  private @Nullable Tensor visible() {
    int width = Math.toIntExact(source.getFirst().keys().size(2));
    if (IntStream.of(sourceLengths).allMatch(length -> length == width)) {
      return null;
    }
    boolean[] real = new boolean[Math.multiplyExact(sourceLengths.length, width)];
    for (int row = 0; row < sourceLengths.length; row++) {
      Arrays.fill(real, row * width, row * width + sourceLengths[row], true);
    }
    return Scope.keep(Tensors.of(real, decoder.size().device(), sourceLengths.length, 1, 1, width));
  }

  private static KeyValue joined(KeyValue own, KeyValue others) {
    KeyValue joined =
        new KeyValue(
            Scope.keep(joined(own.keys(), others.keys())),
            Scope.keep(joined(own.values(), others.values())));
    Scope.release(own.keys());
    Scope.release(own.values());
    return joined;
  }

  /** Rows after rows, filled with zeros to the same length; all are [rows, heads, length, size] */
  private static Tensor joined(Tensor one, Tensor other) {
    long length = Math.max(one.size(2), other.size(2));
    return torch.cat(new TensorVector(filled(one, length), filled(other, length)), 0);
  }

  private static Tensor filled(Tensor tensor, long length) {
    long[] after = {0, 0, 0, length - tensor.size(2)};
    return after[3] == 0 ? tensor : torch.constant_pad_nd(tensor, after, new Scalar(0));
  }

  /** Some rows of what is looked at, up to the length of the longest source among them. */
  private static Tensor taken(Tensor kept, Tensor index, int longest) {
    Tensor taken = Scope.keep(kept.narrow(2, 0, longest).index_select(0, index));
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
