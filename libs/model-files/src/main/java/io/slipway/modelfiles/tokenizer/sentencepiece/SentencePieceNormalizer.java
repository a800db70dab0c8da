package io.slipway.modelfiles.tokenizer.sentencepiece;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Normalises text as SentencePiece itself does (normalizer.cc): the longest match of the character
 * map at every place, then white space.
 *
 * <p>The tokenizers library goes by grapheme clusters instead, which differs for some decomposed
 * scripts; models that were trained with SentencePiece proper want this.
 */
public final class SentencePieceNormalizer {

  /** What stands for a space in pieces. */
  public static final String SPACE_SYMBOL = "\u2581";

  /** All but the first of several spaces, and those at the beginning. */
  private static final Pattern EXTRA_SPACES = Pattern.compile("^ +|( ) +");

  private final Optional<Charsmap> charsmap;
  private final byte[][] userDefined;
  private final NormalizerSpec spec;
  private final boolean suffix;

  /**
   * @throws IllegalArgumentException when the character map is malformed
   */
  public SentencePieceNormalizer(SentencePieceModel model) {
    this.spec = model.normalizer();
    this.charsmap =
        spec.charsmap().length == 0
            ? Optional.empty()
            : Optional.of(Charsmap.parse(spec.charsmap()));
    this.suffix = model.trainer().whitespaceAsSuffix();
    this.userDefined =
        model.pieces().stream()
            .filter(piece -> piece.type() == Piece.Type.USER_DEFINED)
            .map(piece -> piece.text().getBytes(StandardCharsets.UTF_8))
            .sorted(Comparator.comparingInt((byte[] symbol) -> symbol.length).reversed())
            .toArray(byte[][]::new);
  }

  /** The text as pieces spell it, with symbols for spaces. */
  public String normalize(String text) {
    String normal = replaced(text.getBytes(StandardCharsets.UTF_8));
    String space = spec.escapeWhitespaces() ? SPACE_SYMBOL : " ";
    if (spec.removeExtraWhitespaces()) {
      normal = EXTRA_SPACES.matcher(normal).replaceAll("$1");
    }
    if (normal.isEmpty()) {
      return normal;
    }
    normal = (spec.addDummyPrefix() && !suffix ? " " : "") + normal;
    normal = normal.replace(" ", space);
    while (spec.removeExtraWhitespaces() && normal.endsWith(space)) {
      normal = normal.substring(0, normal.length() - 1);
    }
    return spec.addDummyPrefix() && suffix ? normal + space : normal;
  }

  private String replaced(byte[] text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(text.length);
    for (int at = 0; at < text.length; ) {
      Charsmap.Match match = prefix(text, at);
      out.writeBytes(match.replacement());
      at += match.length();
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private Charsmap.Match prefix(byte[] text, int at) {
    for (byte[] symbol : userDefined) {
      if (symbol.length <= text.length - at
          && Arrays.equals(symbol, 0, symbol.length, text, at, at + symbol.length)) {
        return new Charsmap.Match(symbol.length, symbol);
      }
    }
    Charsmap.Match match = charsmap.map(map -> map.longestPrefix(text, at)).orElse(null);
    if (match != null) {
      return match;
    }
    int length = 1;
    while (at + length < text.length && (text[at + length] & 0xc0) == 0x80) {
      length++;
    }
    return new Charsmap.Match(length, Arrays.copyOfRange(text, at, at + length));
  }
}
