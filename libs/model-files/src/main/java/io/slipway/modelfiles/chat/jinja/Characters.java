package io.slipway.modelfiles.chat.jinja;

import java.util.function.IntPredicate;

/** Python's notions of characters, which are code points. */
final class Characters {

  private Characters() {}

  /** What {@code str.isspace} holds for; Java's own notions leave out some, such as U+00A0. */
  static boolean isSpace(int codePoint) {
    return (codePoint >= 0x09 && codePoint <= 0x0d)
        || (codePoint >= 0x1c && codePoint <= 0x20)
        || codePoint == 0x85
        || Character.isSpaceChar(codePoint);
  }

  /** Whether {@code repr} shows it as it is. */
  static boolean isPrintable(int codePoint) {
    if (codePoint == ' ') {
      return true;
    }
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SPACE_SEPARATOR ->
          false;
      default -> true;
    };
  }

  static String stripLeading(String text, IntPredicate stripped) {
    int begin = 0;
    while (begin < text.length() && stripped.test(text.codePointAt(begin))) {
      begin += Character.charCount(text.codePointAt(begin));
    }
    return text.substring(begin);
  }

  static String stripTrailing(String text, IntPredicate stripped) {
    int end = text.length();
    while (end > 0 && stripped.test(text.codePointBefore(end))) {
      end -= Character.charCount(text.codePointBefore(end));
    }
    return text.substring(0, end);
  }

  static String stripTrailing(String text) {
    return stripTrailing(text, Characters::isSpace);
  }

  static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /** The first character made a capital, the others small. */
  static String capitalize(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int first = text.offsetByCodePoints(0, 1);
    int title = Character.toTitleCase(text.codePointAt(0));
    String head =
        title == text.codePointAt(0) ? upper(text.substring(0, first)) : Character.toString(title);
    return head + lower(text.substring(first));
  }

  static String upper(String text) {
    return text.toUpperCase(java.util.Locale.ROOT);
  }

  static String lower(String text) {
    return text.toLowerCase(java.util.Locale.ROOT);
  }
}
