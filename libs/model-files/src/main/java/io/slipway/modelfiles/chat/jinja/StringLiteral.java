package io.slipway.modelfiles.chat.jinja;

/** The escapes of Python's strings; one that means nothing stands for itself. */
final class StringLiteral {

  private static final String SIMPLE = "abfnrtv\\'\"\n";
  private static final String[] MEANT = {
    "\u0007", "\b", "\f", "\n", "\r", "\t", "\u000b", "\\", "'", "\"", ""
  };

  private StringLiteral() {}

  /**
   * @param literal what stands between the quotes
   * @param line where it does, for errors
   */
  static String unescape(String literal, int line) {
    if (literal.indexOf('\\') < 0) {
      return literal;
    }
    StringBuilder text = new StringBuilder();
    int at = 0;
    while (at < literal.length()) {
      char c = literal.charAt(at);
      if (c != '\\') {
        text.append(c);
        at++;
      } else {
        at = unescapeAt(literal, at + 1, text, line);
      }
    }
    return text.toString();
  }

  private static int unescapeAt(String literal, int at, StringBuilder text, int line) {
    char escape = literal.charAt(at);
    int simple = SIMPLE.indexOf(escape);
    if (simple >= 0) {
      text.append(MEANT[simple]);
      return at + 1;
    }
    int digits =
        switch (escape) {
          case 'x' -> 2;
          case 'u' -> 4;
          case 'U' -> 8;
          default -> 0;
        };
    if (digits > 0) {
      return codePoint(literal, at + 1, at + 1 + digits, 16, text, line);
    }
    if (isOctal(escape)) {
      int end = at + 1;
      while (end < literal.length() && end < at + 3 && isOctal(literal.charAt(end))) {
        end++;
      }
      return codePoint(literal, at, end, 8, text, line);
    }
    text.append('\\').append(escape);
    return at + 1;
  }

  private static boolean isOctal(char c) {
    return c >= '0' && c <= '7';
  }

  private static int codePoint(
      String literal, int from, int to, int radix, StringBuilder text, int line) {
    String digits = literal.substring(from, Math.min(to, literal.length()));
    boolean valid = to <= literal.length() && digits.matches("[0-9a-fA-F]+");
    long codePoint = valid ? Long.parseLong(digits, radix) : -1;
    if (codePoint < 0 || codePoint > Character.MAX_CODE_POINT) {
      throw TemplateException.malformed(
          line, "the escape \\%s in a string is not valid".formatted(literal.substring(from - 1)));
    }
    text.appendCodePoint((int) codePoint);
    return to;
  }
}
