package io.slipway.models.architecture.decoder;

import io.slipway.models.architecture.CausalContinuation;
import io.slipway.models.layers.CausalPass;
import io.slipway.models.layers.Forward;
import io.slipway.models.layers.KvCache;
import io.slipway.models.layers.RopeParameters;
import io.slipway.models.layers.RopeScaling;
import io.slipway.models.runtime.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;

/** Sequences of a {@link DecoderStack}, over a {@link KvCache} that it owns. */
final class CachedSequences implements CausalContinuation {

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
    check(tokens);
    long[][] due = due(tokens);
    int[] counts = counts(due);
    Tensor states = run(forward, due, counts); // [rows, width, h]
    note(tokens);
    return decoder.scores().apply(forward, last(states, counts));
  }

  @Override
  public Tensor extendScoringAll(Forward forward, long[][] tokens) {
    check(tokens);
    if (turns(tokens)) {
      throw new IllegalArgumentException(
          "the tokens cross position %d, where this model reads its sequence again; score them from the beginning"
              .formatted(turningPoint));
    }
    Tensor states = run(forward, tokens, counts(tokens));
    note(tokens);
    return decoder.scores().apply(forward, states);
  }

  private Tensor run(Forward forward, long[][] tokens, int[] counts) {
    CausalPass pass =
        CausalPass.next(cache, counts, decoder.size().type(), decoder.sights(forward));
    Tensor states = decoder.states(forward, ids(tokens, pass.width()), pass);
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
              "token id %d, but the model's vocabulary has %d: the tokenizer does not fit it"
                  .formatted(token, vocabulary));
        }
      }
    }
  }

  private static int[] counts(long[][] tokens) {
    return Arrays.stream(tokens).mapToInt(row -> row.length).toArray();
  }

  /** [rows, width], padded with a token of the row, which nothing looks at */
  private Tensor ids(long[][] tokens, int width) {
    long[] ids = new long[tokens.length * width];
    for (int row = 0; row < tokens.length; row++) {
      long[] own = tokens[row];
      System.arraycopy(own, 0, ids, row * width, own.length);
      Arrays.fill(ids, row * width + own.length, (row + 1) * width, own[own.length - 1]);
    }
    return Tensors.of(ids, decoder.size().device(), tokens.length, width);
  }

  /** The state of each row's last token: [rows, h] */
  private Tensor last(Tensor states, int[] counts) {
    long width = states.size(1);
    if (Arrays.stream(counts).allMatch(count -> count == width)) {
      return states.select(1, width - 1);
    }
    long[] at = new long[counts.length];
    Arrays.setAll(at, row -> row * width + counts[row] - 1);
    return states
        .reshape(counts.length * width, states.size(2))
        .index_select(0, Tensors.of(at, decoder.size().device(), at.length));
  }

  /**
   * What has to be read: rows whose frequencies change with their length begin again when they
   * cross the turning point, since what is remembered was turned by the old ones.
   */
  private long[][] due(long[][] tokens) {
    if (!turns(tokens)) {
      return tokens;
    }
    long[][] due = tokens.clone();
    for (int row = 0; row < due.length; row++) {
      if (turns(row, tokens[row])) {
        due[row] = joined(read.get(row), tokens[row]);
        cache.reuse(row, row, 0);
      }
    }
    return due;
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
