package io.slipway.models.architecture.decoder;

import io.slipway.models.architecture.CausalContinuation;
import io.slipway.models.architecture.Continuation;
import io.slipway.models.architecture.NextTokens;
import io.slipway.models.layers.attention.CausalPass;
import io.slipway.models.layers.attention.KvCache;
import io.slipway.models.layers.attention.RopeParameters;
import io.slipway.models.layers.attention.RopeScaling;
import io.slipway.models.layers.pass.Forward;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Sequences of a {@link DecoderStack}, over a {@link KvCache} that it owns. */
final class CachedSequences implements CausalContinuation {

  /**
   * Tokens that go through the model together. More rows go in groups, so that what a pass holds on
   * to does not grow with a batch; many enough that reading the weights is not what takes the time.
   */
  private static final int TOKENS_AT_ONCE = 2048;

  private final DecoderStack decoder;
  private final KvCache cache;

  /** All tokens of each row, where they may have to be read again; else empty. */
  private List<long[]> read = new ArrayList<>();

  /** Rows that become longer than this are read again from their beginning. */
  private final int turningPoint;

  CachedSequences(DecoderStack decoder, KvCache cache) {
    this.decoder = decoder;
    this.cache = cache;
    RopeParameters rope = decoder.positions().rope();
    this.turningPoint =
        rope != null && rope.scaling() instanceof RopeScaling.Long own
            ? own.originalPositions()
            : Integer.MAX_VALUE;
    remember(cache.rows());
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
    NextTokens due = due(tokens);
    return last(forward, due, run(forward, due, tokens));
  }

  @Override
  public Tensor extend(Forward forward, long[][] tokens, ScoreReader reader) {
    NextTokens due = due(tokens);
    Tensor states = run(forward, due, tokens); // [rows, width, h]
    int[] again = new int[tokens.length];
    Arrays.setAll(again, row -> due.rows()[row].length - tokens[row].length);
    due.read(states, some -> decoder.scores().apply(forward, some), again, reader);
    return last(forward, due, states);
  }

  private Tensor run(Forward forward, NextTokens due, long[][] tokens) {
    int[] counts = due.counts();
    Tensor ids = due.ids(decoder.size().device()); // [rows, width]
    int together = Math.max(1, TOKENS_AT_ONCE / Math.toIntExact(ids.size(1)));
    Tensor states =
        counts.length <= together
            ? pass(forward, ids, cache, counts)
            : passes(forward, ids, counts, together);
    cache.advance(counts);
    note(tokens);
    return states;
  }

  private Tensor passes(Forward forward, Tensor ids, int[] counts, int together) {
    cache.prepare(counts);
    return forward.inGroups(
        counts.length,
        together,
        (group, first, count) -> {
          int[] own = Arrays.copyOfRange(counts, first, first + count);
          int width = Arrays.stream(own).max().orElseThrow();
          Tensor part = ids.narrow(0, first, count).narrow(1, 0, width);
          Tensor states = pass(group, part, cache.part(first, count), own); // [count, width, h]
          return torch.constant_pad_nd(states, 0, 0, 0, ids.size(1) - width);
        });
  }

  /** States of all tokens of some rows: [rows, width, h] */
  private Tensor pass(Forward forward, Tensor ids, KvCache rows, int[] counts) {
    ScalarType type = decoder.type(Math.toIntExact(ids.size(1)));
    CausalPass pass = CausalPass.next(rows, counts, type, decoder.sights(forward));
    return decoder.states(forward, ids, pass);
  }

  private Tensor last(Forward forward, NextTokens due, Tensor states) {
    return decoder.scores().apply(forward, due.last(states, decoder.size().device()));
  }

  /**
   * What has to be read: rows whose frequencies change with their length begin again when they
   * cross the turning point, since what is remembered was turned by the old ones.
   */
  private NextTokens due(long[][] tokens) {
    NextTokens next = new NextTokens(tokens);
    next.check(this, decoder.size().vocabulary());
    if (!turns(tokens)) {
      return next;
    }
    long[][] due = tokens.clone();
    for (int row = 0; row < due.length; row++) {
      if (turns(row, tokens[row])) {
        due[row] = joined(read.get(row), tokens[row]);
        cache.reuse(row, row, 0);
      }
    }
    return new NextTokens(due);
  }

  private boolean turns(long[][] tokens) {
    for (int row = 0; row < tokens.length; row++) {
      if (turns(row, tokens[row])) {
        return true;
      }
    }
    return false;
  }

  private boolean turns(int row, long[] tokens) {
    int before = cache.length(row);
    return before > 0 && before <= turningPoint && before > turningPoint - tokens.length;
  }

  private void note(long[][] tokens) {
    if (turningPoint < Integer.MAX_VALUE) {
      for (int row = 0; row < tokens.length; row++) {
        read.set(row, joined(read.get(row), tokens[row]));
      }
    }
  }

  private void remember(int rows) {
    if (turningPoint < Integer.MAX_VALUE) {
      for (int i = 0; i < rows; i++) {
        read.add(new long[0]);
      }
    }
  }

  private static long[] joined(long[] one, long[] other) {
    return LongStream.concat(Arrays.stream(one), Arrays.stream(other)).toArray();
  }

  @Override
  public void select(int[] rows) {
    cache.select(rows);
    if (turningPoint < Integer.MAX_VALUE) {
      List<long[]> before = read;
      read = new ArrayList<>();
      for (int row : rows) {
        read.add(before.get(row));
      }
    }
  }

  @Override
  public void join(int rows) {
    cache.join(rows);
    remember(rows);
  }

  @Override
  public void append(Continuation other) {
    if (!(other instanceof CachedSequences more) || more.decoder != decoder) {
      throw new IllegalArgumentException("rows of another model, expected this one's");
    }
    cache.append(more.cache);
    read.addAll(more.read);
  }

  @Override
  public void reuse(int row, int source, int tokens) {
    if (tokens <= turningPoint && cache.length(source) > turningPoint) {
      throw new IllegalArgumentException(
          "%d tokens of a row of %d: this model's memory of a sequence changes at %d tokens"
              .formatted(tokens, cache.length(source), turningPoint));
    }
    cache.reuse(row, source, tokens);
    if (turningPoint < Integer.MAX_VALUE) {
      read.set(row, Arrays.copyOf(read.get(source), tokens));
    }
  }

  @Override
  public void close() {
    cache.close();
  }
}
