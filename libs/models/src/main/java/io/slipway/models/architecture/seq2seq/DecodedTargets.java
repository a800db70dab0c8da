package io.slipway.models.architecture.seq2seq;

import io.slipway.models.architecture.Continuation;
import io.slipway.models.layers.CausalPass;
import io.slipway.models.layers.Forward;
import io.slipway.models.layers.KvCache;
import io.slipway.models.runtime.Scope;
import io.slipway.models.runtime.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
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
    check(tokens);
    int[] counts = counts(tokens);
    return Scope.result(() -> decoder.scores(forward, last(run(forward, tokens, counts), counts)));
  }

  @Override
  public Tensor extendScoringAll(Forward forward, long[][] tokens) {
    check(tokens);
    return Scope.result(() -> decoder.scores(forward, run(forward, tokens, counts(tokens))));
  }

  /** [rows, width, features] */
  private Tensor run(Forward forward, long[][] tokens, int[] counts) {
    CausalPass pass =
        CausalPass.next(cache, counts, decoder.size().type(), decoder.sights(forward));
    Tensor states =
        decoder.states(
            forward, ids(tokens, pass.width()), pass, new SourceMemory(source::get, visibleSource));
    cache.advance(counts);
    return states;
  }

  private void check(long[][] tokens) {
    if (tokens.length != rows()) {
      throw new IllegalArgumentException(
          "tokens for %d rows, expected %d".formatted(tokens.length, rows()));
    }
    int vocabulary = decoder.size().vocabulary();
    for (int row = 0; row < tokens.length; row++) {
      if (tokens[row].length == 0) {
        throw new IllegalArgumentException("row %d gets no token".formatted(row));
      }
      if (tokens[row].length > capacity() - length(row)) {
        throw new IllegalArgumentException(
            "row %d would have %d tokens, but was begun for %d"
                .formatted(row, length(row) + tokens[row].length, capacity()));
      }
      for (long token : tokens[row]) {
        if (token < 0 || token >= vocabulary) {
          throw new IllegalArgumentException(
              "token id %d, but the model's vocabulary has %d".formatted(token, vocabulary));
        }
      }
    }
  }

  private static int[] counts(long[][] tokens) {
    return Arrays.stream(tokens).mapToInt(row -> row.length).toArray();
  }

  /** [rows, width], padded with any token, since nothing looks at it */
  private Tensor ids(long[][] tokens, int width) {
    long[] ids = new long[tokens.length * width];
    for (int row = 0; row < tokens.length; row++) {
      System.arraycopy(tokens[row], 0, ids, row * width, tokens[row].length);
    }
    return Tensors.of(ids, decoder.size().device(), tokens.length, width);
  }

  /** The state of each row's last token: [rows, features] */
  private Tensor last(Tensor states, int[] counts) {
    long width = states.size(1);
    if (Arrays.stream(counts).allMatch(count -> count == width)) {
      return states.select(1, width - 1);
    }
    long[] ends =
        IntStream.range(0, counts.length).mapToLong(row -> row * width + counts[row] - 1).toArray();
    return states
        .flatten(0, 1)
        .index_select(0, Tensors.of(ends, decoder.size().device(), ends.length));
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
