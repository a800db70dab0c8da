package io.slipway.modelfiles.tokenizer;

import io.slipway.modelfiles.tokenizer.sentencepiece.SentencePieceNormalizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * Marian's tokenizer: a SentencePiece model for each of the two languages, and vocabularies that
 * give their pieces ids. Keeps no offsets, as the reference's does not.
 */
final class MarianBackend implements TokenizerBackend {

  /** A language code, such as {@code >>de<<}, which is a token of its own before a text. */
  private static final Pattern LANGUAGE = Pattern.compile(">>.*?<<", Pattern.DOTALL);

  private final MarianPieces source;
  private final MarianPieces target;
  private final Vocabulary vocabulary;
  private final Vocabulary targetVocabulary;
  private final Pattern addedTokens;
  private final boolean separate;
  private final long eos;
  private final long unknown;

  private MarianBackend(
      MarianPieces source,
      MarianPieces target,
      Vocabulary vocabulary,
      Vocabulary targetVocabulary,
      Pattern addedTokens,
      boolean separate,
      Map<String, AddedToken> roles) {
    this.source = source;
    this.target = target;
    this.vocabulary = vocabulary;
    this.targetVocabulary = targetVocabulary;
    this.addedTokens = addedTokens;
    this.separate = separate;
    this.eos = required(roles, "eos");
    this.unknown = required(roles, "unk");
  }

  /**
   * Opens source.spm, target.spm, vocab.json and, where the languages have vocabularies of their
   * own, target_vocab.json.
   *
   * @param added tokens that are looked for before a text is split
   */
  static MarianBackend open(
      Path directory, List<AddedToken> added, Map<String, AddedToken> roles, boolean separate)
      throws IOException {
    Vocabulary vocabulary = vocabulary(directory.resolve(TokenizerFiles.VOCABULARY), added);
    Vocabulary targets =
        separate
            ? vocabulary(directory.resolve(TokenizerFiles.TARGET_VOCABULARY), List.of())
            : vocabulary;
    Pattern tokens =
        Pattern.compile(
            added.stream()
                .map(AddedToken::content)
                .sorted((one, other) -> Integer.compare(other.length(), one.length()))
                .map(Pattern::quote)
                .collect(Collectors.joining("|")));
    MarianPieces source = MarianPieces.open(directory.resolve(TokenizerFiles.SOURCE));
    try {
      MarianPieces target = MarianPieces.open(directory.resolve(TokenizerFiles.TARGET));
      return new MarianBackend(source, target, vocabulary, targets, tokens, separate, roles);
    } catch (IOException | RuntimeException e) {
      source.close();
      throw e;
    }
  }

  private static Vocabulary vocabulary(Path file, List<AddedToken> added) throws IOException {
    Map<String, Integer> ids = new HashMap<>();
    for (Map.Entry<String, JsonNode> entry : TokenizerFiles.object(file).properties()) {
      JsonNode id = entry.getValue();
      if (!id.canConvertToInt() || id.asInt() < 0 || id.asInt() > ModelText.MAX_ID) {
        throw TokenizerFiles.malformed(
            file, "gives \"%s\" the id %s".formatted(entry.getKey(), id));
      }
      ids.put(entry.getKey(), id.asInt());
    }
    if (ids.isEmpty()) {
      throw TokenizerFiles.malformed(file, "has no tokens");
    }
    BitSet special = new BitSet();
    for (AddedToken token : added) {
      int id = ids.computeIfAbsent(token.content(), unused -> ids.size());
      special.set(id, token.special() || special.get(id));
    }
    return new Vocabulary(ids, special);
  }

  private long required(Map<String, AddedToken> roles, String role) {
    AddedToken token = roles.get(role);
    OptionalLong id = token == null ? OptionalLong.empty() : vocabulary.id(token.content());
    return id.orElseThrow(
        () ->
            TokenizerFiles.malformed(
                Path.of(TokenizerFiles.VOCABULARY), "has no %s_token".formatted(role)));
  }

  @Override
  public TokenizedText encode(String text, boolean specialTokens) {
    return framed(ids(source, vocabulary, text), new long[0], specialTokens);
  }

  @Override
  public TokenizedText encodePair(String first, String second) {
    return framed(ids(source, vocabulary, first), ids(source, vocabulary, second), true);
  }

  @Override
  public TokenizedText encodeTarget(String text) {
    return framed(ids(target, targetVocabulary, text), new long[0], true);
  }

  @Override
  public TokenizedText encodeWords(List<String> words) {
    long[][] ids = words.stream().map(word -> ids(source, vocabulary, word)).toArray(long[][]::new);
    TokenizedText text =
        framed(Arrays.stream(ids).flatMapToLong(Arrays::stream).toArray(), new long[0], true);
    int at = 0;
    for (int word = 0; word < ids.length; word++) {
      Arrays.fill(text.words(), at, at + ids[word].length, word);
      at += ids[word].length;
    }
    return text;
  }

  private TokenizedText framed(long[] first, long[] second, boolean specialTokens) {
    int length = first.length + second.length + (specialTokens ? 1 : 0);
    long[] ids = Arrays.copyOf(first, length);
    System.arraycopy(second, 0, ids, first.length, second.length);
    TokenizedText text = TokenizedText.of(ids);
    Arrays.fill(text.sequences(), first.length, first.length + second.length, 1);
    if (specialTokens) {
      text.ids()[length - 1] = eos;
      text.specialMask()[length - 1] = 1;
      text.sequences()[length - 1] = -1;
    }
    return text;
  }

  private long[] ids(MarianPieces pieces, Vocabulary ids, String text) {
    List<String> tokens = new ArrayList<>();
    Matcher matcher = addedTokens.matcher(text);
    int from = 0;
    while (matcher.find()) {
      addPieces(pieces, text.substring(from, matcher.start()), tokens);
      tokens.add(matcher.group());
      from = matcher.end();
    }
    addPieces(pieces, text.substring(from), tokens);
    return tokens.stream()
        .mapToLong(
            token ->
                addedTokens.matcher(token).matches()
                    ? vocabulary.id(token).orElse(unknown)
                    : ids.id(token).orElse(unknown))
        .toArray();
  }

  private static void addPieces(MarianPieces pieces, String text, List<String> tokens) {
    Matcher language = LANGUAGE.matcher(text);
    boolean coded = language.lookingAt();
    if (coded) {
      tokens.add(language.group());
    }
    tokens.addAll(pieces.split(coded ? text.substring(language.end()) : text));
  }

  @Override
  public String decode(long[] ids, boolean skipSpecialTokens) {
    MarianPieces pieces = separate ? target : source;
    StringBuilder text = new StringBuilder();
    List<String> run = new ArrayList<>();
    for (long id : ids) {
      if (!vocabulary.isSpecial(id)) {
        targetVocabulary.token(id).ifPresent(run::add);
      } else if (!skipSpecialTokens) {
        text.append(pieces.join(run)).append(vocabulary.token(id).orElse("")).append(' ');
        run.clear();
      }
    }
    return text.append(pieces.join(run))
        .toString()
        .replace(SentencePieceNormalizer.SPACE_SYMBOL, " ");
  }

  @Override
  public String join(List<String> tokens) {
    return (separate ? target : source)
        .join(tokens)
        .replace(SentencePieceNormalizer.SPACE_SYMBOL, " ");
  }

  @Override
  public String subwordPrefix() {
    return "";
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  @Override
  public boolean isUnfinished(long id) {
    return false;
  }

  @Override
  public void close() {
    source.close();
    target.close();
  }
}
