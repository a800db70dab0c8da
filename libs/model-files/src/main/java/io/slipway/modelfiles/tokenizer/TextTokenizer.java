package io.slipway.modelfiles.tokenizer;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.ModelFilesException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint's tokenizer. Truncates to a limit and never pads: whoever makes a batch pads it.
 *
 * <p>Owns native memory until {@link #close()}, after which every call fails. Safe for use by many
 * threads; closing waits for calls that are under way.
 */
public final class TextTokenizer implements AutoCloseable {

  private final HuggingFaceTokenizer tokenizer;
  private final TokenizerSettings settings;
  private final int maxLength;
  private final ReadWriteLock lifetime = new ReentrantReadWriteLock();
  private boolean closed;

  private TextTokenizer(HuggingFaceTokenizer tokenizer, TokenizerSettings settings, int maxLength) {
    this.tokenizer = tokenizer;
    this.settings = settings;
    this.maxLength = maxLength;
  }

  /**
   * Loads tokenizer.json, and tokenizer_config.json where there is one.
   *
   * @param maxLength tokens at most, special ones included; {@code model_max_length} applies where
   *     it is smaller
   * @throws ModelFilesException when tokenizer.json is missing or malformed
   */
  public static TextTokenizer open(Path directory, int maxLength) throws IOException {
    Path file = directory.resolve("tokenizer.json");
    if (!Files.isRegularFile(file)) {
      throw new ModelFilesException(Reason.MISSING_FILE, "the checkpoint has no tokenizer.json");
    }
    TokenizerSettings settings =
        TokenizerSettings.read(file, directory.resolve("tokenizer_config.json"));
    int limit = Math.min(maxLength, settings.maxLength());
    try {
      HuggingFaceTokenizer tokenizer =
          HuggingFaceTokenizer.builder()
              .optTokenizerPath(file)
              .optPadding(false)
              .optTruncation(true)
              .optMaxLength(limit)
              .build();
      return new TextTokenizer(tokenizer, settings, limit);
    } catch (RuntimeException e) {
      throw new ModelFilesException(
          Reason.MALFORMED_TOKENIZER, "tokenizer.json cannot be loaded: " + e.getMessage(), e);
    }
  }

  /** Tokens at most in what {@link #encode} returns. */
  public int maxLength() {
    return maxLength;
  }

  public TokenizedText encode(String text) {
    return whileOpen(() -> tokenized(tokenizer.encode(text, true, false)));
  }

  /** Two texts as one sequence, such as a question and its context; the longer one is cut first. */
  public TokenizedText encodePair(String first, String second) {
    return whileOpen(() -> tokenized(tokenizer.encode(first, second, true, false)));
  }

  /** Text of some ids, special tokens left out. */
  public String decode(long[] ids) {
    return whileOpen(() -> tokenizer.decode(ids, true));
  }

  /**
   * Id of a special token.
   *
   * @param role pad, cls, sep, mask, unk, bos or eos
   */
  public OptionalLong specialToken(String role) {
    return Optional.ofNullable(settings.specialTokens().get(role))
        .map(OptionalLong::of)
        .orElse(OptionalLong.empty());
  }

  private static TokenizedText tokenized(Encoding encoding) {
    CharSpan[] spans = encoding.getCharTokenSpans();
    int[] starts = new int[spans.length];
    int[] ends = new int[spans.length];
    for (int i = 0; i < spans.length; i++) {
      @Nullable CharSpan span = spans[i];
      starts[i] = span == null ? -1 : span.getStart();
      ends[i] = span == null ? -1 : span.getEnd();
    }
    return new TokenizedText(
        encoding.getIds(),
        encoding.getTypeIds(),
        encoding.getSpecialTokenMask(),
        starts,
        ends,
        encoding.exceedMaxLength());
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
        tokenizer.close();
      }
    } finally {
      lifetime.writeLock().unlock();
    }
  }
}
