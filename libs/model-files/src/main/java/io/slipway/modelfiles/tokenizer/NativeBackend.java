package io.slipway.modelfiles.tokenizer;

import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The tokenizers library, loaded with a tokenizer.json.
 *
 * <p>Owns native memory until {@link #close()}, which waits for calls that are under way; every
 * call after it fails.
 */
final class NativeBackend implements TokenizerBackend {

  private static final TokenizersLibrary LIBRARY = library();
  private static final Pattern BYTE_TOKEN = Pattern.compile("<0x[0-9A-Fa-f]{2}>");

  private final long handle;
  private final Vocabulary vocabulary;
  private final TokenDecoder decoder;
  private final ReadWriteLock lifetime = new ReentrantReadWriteLock();
  private boolean closed;

  private NativeBackend(long handle, TokenizerJson json) {
    this.handle = handle;
    this.decoder = json.decoder();
    this.vocabulary = json.vocabulary();
  }

  private static TokenizersLibrary library() {
    LibUtils.checkStatus();
    return TokenizersLibrary.LIB;
  }

  /**
   * @throws io.slipway.modelfiles.ModelFilesException when the library refuses it
   */
  static NativeBackend load(TokenizerJson json) {
    try {
      long handle = LIBRARY.createTokenizerFromString(json.text());
      return new NativeBackend(handle, json);
    } catch (RuntimeException e) {
      throw json.malformed("cannot be loaded: " + e.getMessage(), e);
    }
  }

  @Override
  public TokenizedText encode(String text, boolean specialTokens) {
    String clean = wellFormed(text);
    return encoded(() -> LIBRARY.encode(handle, clean, specialTokens), this::read);
  }

  @Override
  public TokenizedText encodePair(String first, String second) {
    String cleanFirst = wellFormed(first);
    String cleanSecond = wellFormed(second);
    return encoded(() -> LIBRARY.encodeDual(handle, cleanFirst, cleanSecond, true), this::read);
  }

  @Override
  public TokenizedText encodeWords(List<String> words) {
    String[] clean = words.stream().map(NativeBackend::wellFormed).toArray(String[]::new);
    return encoded(() -> LIBRARY.encodeList(handle, clean, true), this::read);
  }

  @Override
  public TokenizedText encodeTarget(String text) {
    return encode(text, true);
  }

  /** The texts of the tokens, without special ones; an unknown stretch stands for itself. */
  List<String> pieces(String text) {
    String clean = wellFormed(text);
    return encoded(
        () -> LIBRARY.encode(handle, clean, false),
        encoding -> List.of(LIBRARY.getTokens(encoding)));
  }

  @Override
  public String decode(long[] ids, boolean skipSpecialTokens) {
    long[] known = Arrays.stream(ids).filter(id -> vocabulary.token(id).isPresent()).toArray();
    return whileOpen(() -> LIBRARY.decode(handle, known, skipSpecialTokens));
  }

  @Override
  public String join(List<String> tokens) {
    Map<String, Integer> numbers = new LinkedHashMap<>();
    tokens.forEach(token -> numbers.putIfAbsent(wellFormed(token), numbers.size()));
    long[] ids =
        tokens.stream().mapToLong(token -> numbers.getOrDefault(wellFormed(token), 0)).toArray();
    return decoder
        .tokenizerOf(numbers)
        .map(
            json -> {
              long joining = LIBRARY.createTokenizerFromString(json);
              try {
                return LIBRARY.decode(joining, ids, false);
              } finally {
                LIBRARY.deleteTokenizer(joining);
              }
            })
        .orElseGet(() -> String.join(" ", tokens));
  }

  @Override
  public String subwordPrefix() {
    return decoder.subwordPrefix();
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  /** A run of byte tokens is valid or not as a whole, so it is unfinished until another follows. */
  @Override
  public boolean isUnfinished(long id) {
    return decoder.decodesBytes()
        && vocabulary.token(id).filter(token -> BYTE_TOKEN.matcher(token).matches()).isPresent();
  }

  private TokenizedText read(long encoding) {
    @Nullable CharSpan[] spans = LIBRARY.getTokenCharSpans(encoding);
    int[] starts = new int[spans.length];
    int[] ends = new int[spans.length];
    for (int i = 0; i < spans.length; i++) {
      CharSpan span = spans[i];
      starts[i] = span == null ? -1 : span.getStart();
      ends[i] = span == null ? -1 : span.getEnd();
    }
    return new TokenizedText(
        LIBRARY.getTokenIds(encoding),
        LIBRARY.getTypeIds(encoding),
        LIBRARY.getSpecialTokenMask(encoding),
        starts,
        ends,
        ints(LIBRARY.getWordIds(encoding)),
        ints(LIBRARY.getSequenceIds(encoding)),
        false);
  }

  private static int[] ints(long[] values) {
    int[] ints = new int[values.length];
    for (int i = 0; i < ints.length; i++) {
      ints[i] = (int) values[i];
    }
    return ints;
  }

  /** UTF-8 has no halves of surrogate pairs; each becomes the replacement character. */
  private static String wellFormed(String text) {
    boolean wellFormed =
        text.codePoints()
            .noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    if (wellFormed) {
      return text;
    }
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
        .forEach(clean::appendCodePoint);
    return clean.toString();
  }

  private <T> T encoded(LongSupplier encode, LongFunction<T> read) {
    return whileOpen(
        () -> {
          long encoding = encode.getAsLong();
          try {
            return read.apply(encoding);
          } finally {
            LIBRARY.deleteEncoding(encoding);
          }
        });
  }

  private <T> T whileOpen(Supplier<T> work) {
    lifetime.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the tokenizer is closed");
      }
      return work.get();
    } finally {
      lifetime.readLock().unlock();
    }
  }

  @Override
  public void close() {
    lifetime.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        LIBRARY.deleteTokenizer(handle);
      }
    } finally {
      lifetime.writeLock().unlock();
    }
  }
}
