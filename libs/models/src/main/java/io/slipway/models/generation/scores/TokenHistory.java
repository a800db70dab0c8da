package io.slipway.models.generation.scores;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/** The tokens of a sequence so far: those of its prompt and the new ones. */
public final class TokenHistory {

  private final int prompt;
  private final BitSet seen = new BitSet();
  private final Map<Integer, Integer> counts = new HashMap<>();
  private int[] tokens;
  private int length;

  /** A sequence that has its prompt only. */
  public TokenHistory(long[] promptTokens) {
    this.prompt = promptTokens.length;
    this.tokens = new int[promptTokens.length + 16];
    for (long token : promptTokens) {
      put(Math.toIntExact(token));
    }
  }

  private TokenHistory(TokenHistory from) {
    this.prompt = from.prompt;
    this.seen.or(from.seen);
    this.counts.putAll(from.counts);
    this.tokens = from.tokens.clone();
    this.length = from.length;
  }

  /** The same tokens, to go on with apart. */
  public TokenHistory copy() {
    return new TokenHistory(this);
  }

  private void put(int token) {
    if (length == tokens.length) {
      tokens = Arrays.copyOf(tokens, length * 2);
    }
    tokens[length++] = token;
    seen.set(token);
  }

  /** Appends a new token. */
  public void add(int token) {
    put(token);
    counts.merge(token, 1, Integer::sum);
  }

  /** All tokens. */
  public int length() {
    return length;
  }

  /** New tokens. */
  public int generated() {
    return length - prompt;
  }

  /** The token at a place, counted from 0 at the prompt's first. */
  public int token(int at) {
    return tokens[at];
  }

  /** Whether the last tokens are these. */
  boolean endsWith(int[] expected) {
    return length >= expected.length
        && Arrays.equals(tokens, length - expected.length, length, expected, 0, expected.length);
  }

  /** Whether the tokens from a place on are the same as from another. */
  boolean same(int one, int other, int count) {
    return Arrays.equals(tokens, one, one + count, tokens, other, other + count);
  }

  /** Ids that are in the sequence, each once. */
  BitSet seen() {
    return seen;
  }

  /** How often each new token was chosen. */
  Map<Integer, Integer> counts() {
    return counts;
  }

  /** New tokens. */
  public long[] generatedTokens() {
    return Arrays.stream(tokens, prompt, length).asLongStream().toArray();
  }
}
