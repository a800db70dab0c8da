package io.slipway.modelfiles.tokenizer;

/**
 * What happens to decoded text at the very end.
 *
 * @param spaces {@code clean_up_tokenization_spaces}: no space before punctuation and English
 *     contractions
 * @param strip no white space at either end
 */
record CleanUp(boolean spaces, boolean strip) {

  /** In the order in which the reference replaces them; each loses spaces only. */
  private static final String[] SPACED = {
    " .", " ?", " !", " ,", " ' ", " n't", " 'm", " 's", " 've", " 're"
  };

  private static final int LONGEST = 4;

  CleanUp withSpaces(boolean other) {
    return new CleanUp(other, strip);
  }

  String of(String text) {
    String clean = strip ? strip(text) : text;
    return spaces ? withoutSpaces(clean) : clean;
  }

  /** Cleans a part of a text of which {@link #settled} says that it can be cleaned alone. */
  String part(String text, boolean first, boolean last) {
    String clean = strip && first ? text.substring(leading(text)) : text;
    clean = strip && last ? clean.substring(0, trailing(clean)) : clean;
    return spaces ? withoutSpaces(clean) : clean;
  }

  /** What a text loses at its end, and gets back if another text follows. */
  String stripped(String text) {
    return strip ? text.substring(trailing(text)) : "";
  }

  /** How much of a text, counted from its beginning, nothing that follows can change. */
  int settled(CharSequence text) {
    int settled = text.length();
    if (spaces) {
      // Whatever is replaced begins with a space and has at most LONGEST characters.
      int since = 0;
      settled = 0;
      for (int i = 0; i < text.length(); i++) {
        since = text.charAt(i) == ' ' ? 0 : since + 1;
        settled = since >= LONGEST - 1 ? i + 1 : settled;
      }
    }
    return strip ? trailing(text.subSequence(0, settled)) : settled;
  }

  private static String withoutSpaces(String text) {
    String clean = text;
    for (String spaced : SPACED) {
      clean = clean.replace(spaced, spaced.strip());
    }
    return clean;
  }

  static String strip(String text) {
    String rest = text.substring(leading(text));
    return rest.substring(0, trailing(rest));
  }

  private static int leading(CharSequence text) {
    int at = 0;
    while (at < text.length() && isSpace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private static int trailing(CharSequence text) {
    int at = text.length();
    while (at > 0 && isSpace(text.charAt(at - 1))) {
      at--;
    }
    return at;
  }

  /** White space as Python's {@code str.strip} has it. */
  private static boolean isSpace(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
  }
}
