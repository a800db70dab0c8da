package io.slipway.modelfiles.tokenizer;

import io.slipway.modelfiles.ModelFilesException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A checkpoint's tokenizer. Truncates to a limit and never pads: whoever makes a batch pads it.
 *
 * <p>Owns native memory until {@link #close()}, after which every call fails. Safe for use by many
 * threads; closing waits for calls that are under way.
 */
public final class TextTokenizer implements AutoCloseable {

  private final TokenizerBackend backend;
  private final Map<String, Long> specialTokens;
  private final TruncationSide truncationSide;
  private final CleanUp cleanUp;
  private final int maxLength;

  TextTokenizer(
      TokenizerBackend backend,
      Map<String, Long> specialTokens,
      TruncationSide truncationSide,
      CleanUp cleanUp,
      int maxLength) {
    this.backend = backend;
    this.specialTokens = specialTokens;
    this.truncationSide = truncationSide;
    this.cleanUp = cleanUp;
    this.maxLength = maxLength;
  }

  /**
   * Loads a tokenizer.json, or makes one of what the repository has in its place: vocab.txt,
   * vocab.json and merges.txt, a SentencePiece model, or Marian's pair of them.
   *
   * @param maxLength tokens at most, special ones included; {@code model_max_length} of
   *     tokenizer_config.json applies where it is smaller
   * @throws ModelFilesException when files are missing or malformed, or when they are of a
   *     tokenizer that is not supported
   */
  public static TextTokenizer open(Path directory, int maxLength) throws IOException {
    if (maxLength < 1) {
      throw new IllegalArgumentException(
          "maxLength is " + maxLength + ", expected at least one token");
    }
    return TokenizerDirectory.read(directory).open(maxLength);
  }

  /** Tokens at most in what {@link #encode(String)} returns. */
  public int maxLength() {
    return maxLength;
  }

  /** The side that the checkpoint itself wants cut: {@code truncation_side}. */
  public TruncationSide truncationSide() {
    return truncationSide;
  }

  /** Tokens of a text, framed by its special tokens, cut at the limit. */
  public TokenizedText encode(String text) {
    return encode(text, true, maxLength, truncationSide);
  }

  /** Like {@link #encode(String)}, with or without special tokens. */
  public TokenizedText encode(String text, boolean specialTokens) {
    return encode(text, specialTokens, maxLength, truncationSide);
  }

  /**
   * Tokens of a text.
   *
   * @param limit tokens at most, special ones included; {@link Integer#MAX_VALUE} for all of the
   *     text, however long it is
   * @param side what is cut
   * @throws IllegalArgumentException when the limit does not even hold the special tokens
   */
  public TokenizedText encode(String text, boolean specialTokens, int limit, TruncationSide side) {
    return Truncation.single(backend.encode(text, specialTokens), limit, side);
  }

  /** Two texts as one sequence, such as a question and its context; the longer one is cut first. */
  public TokenizedText encodePair(String first, String second) {
    return Truncation.longestFirst(backend.encodePair(first, second), maxLength, truncationSide);
  }

  /**
   * A text in windows that overlap, so that none of it is lost.
   *
   * @param windowLength tokens at most in a window, special ones included, and no more than {@link
   *     #maxLength()}
   * @param stride tokens that each window shares with the one before
   * @throws IllegalArgumentException when windows of that length leave no room for a stride
   */
  public List<TokenizedText> encodeWindows(String text, int windowLength, int stride) {
    return Truncation.windows(
        backend.encode(text, true), Math.min(windowLength, maxLength), stride, truncationSide);
  }

  /**
   * A question with each part of its context: the question is in every window whole, and the
   * context in windows that overlap, in the way of SQuAD. Tokens of the context have {@code
   * sequences[i] == 1} and offsets into it.
   *
   * @param windowLength as for one text
   * @param stride tokens of the context that each window shares with the one before
   * @throws IllegalArgumentException when the question leaves no room for the context and a stride
   */
  public List<TokenizedText> encodeWindows(
      String question, String context, int windowLength, int stride) {
    return Truncation.secondWindows(
        backend.encodePair(question, context),
        Math.min(windowLength, maxLength),
        stride,
        truncationSide);
  }

  /**
   * A text that is split into words already, as data for token classification is. {@code words[i]}
   * is the index of the word that a token is part of.
   */
  public TokenizedText encodeWords(List<String> words) {
    return Truncation.single(backend.encodeWords(words), maxLength, truncationSide);
  }

  /**
   * A text that a decoder is to produce, such as a translation. It differs from {@link
   * #encode(String)} only where the two sides of a model have vocabularies of their own.
   */
  public TokenizedText encodeTarget(String text) {
    return Truncation.single(backend.encodeTarget(text), maxLength, truncationSide);
  }

  /** Text of some ids, special tokens left out. */
  public String decode(long[] ids) {
    return decode(ids, true);
  }

  /** Text of some ids, cleaned up as the checkpoint wants it. Ids without a token give no text. */
  public String decode(long[] ids, boolean skipSpecialTokens) {
    return cleanUp.of(backend.decode(ids, skipSpecialTokens));
  }

  /**
   * Text of tokens that are spelled as in the vocabulary, or otherwise stand for themselves, before
   * it is cleaned up.
   */
  public String join(List<String> tokens) {
    return tokens.isEmpty() ? "" : backend.join(tokens);
  }

  /**
   * What a token begins with that continues a word, such as {@code ##}; empty where tokens do not
   * tell.
   */
  public String continuingSubwordPrefix() {
    return backend.subwordPrefix();
  }

  /**
   * Text of some ids, cleaned up as the caller wants it.
   *
   * @param cleanUpSpaces whether spaces before punctuation and English contractions go
   */
  public String decode(long[] ids, boolean skipSpecialTokens, boolean cleanUpSpaces) {
    return cleanUp.withSpaces(cleanUpSpaces).of(backend.decode(ids, skipSpecialTokens));
  }

  /** Text of ids that come one by one: together what {@link #decode(long[], boolean)} gives. */
  public StreamingText stream(boolean skipSpecialTokens) {
    return stream(new long[0], skipSpecialTokens);
  }

  /**
   * Text of ids that continue others, such as those of a prompt: together what decoding all of them
   * adds to the text of the first ones.
   */
  public StreamingText stream(long[] before, boolean skipSpecialTokens) {
    return new StreamingText(backend, before, skipSpecialTokens, cleanUp);
  }

  /** Number of tokens, added ones included. */
  public int vocabularySize() {
    return backend.vocabulary().size();
  }

  /**
   * The token as the vocabulary spells it, such as {@code ##ing}; empty when no token has the id.
   */
  public Optional<String> token(long id) {
    return backend.vocabulary().token(id);
  }

  /** The id of a token that is spelled as in the vocabulary. */
  public OptionalLong id(String token) {
    return backend.vocabulary().id(token);
  }

  /** Whether decoding can leave the token out. */
  public boolean isSpecial(long id) {
    return backend.vocabulary().isSpecial(id);
  }

  /**
   * Id of a special token.
   *
   * @param role pad, cls, sep, mask, unk, bos or eos, or another that the checkpoint defines
   */
  public OptionalLong specialToken(String role) {
    Long id = specialTokens.get(role);
    return id == null ? OptionalLong.empty() : OptionalLong.of(id);
  }

  @Override
  public void close() {
    backend.close();
  }
}
