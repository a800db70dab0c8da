package io.slipway.modelfiles.chat.jinja;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.IsoFields;
import java.util.Locale;

/** C's {@code strftime} in its own locale, for times without a zone. */
final class DateText {

  private DateText() {}

  static String format(String format, LocalDateTime time) {
    StringBuilder out = new StringBuilder();
    int at = 0;
    while (at < format.length()) {
      char c = format.charAt(at);
      if (c != '%' || at + 1 == format.length()) {
        out.append(c);
        at++;
        continue;
      }
      boolean unpadded = format.charAt(at + 1) == '-' && at + 2 < format.length();
      char directive = format.charAt(at + (unpadded ? 2 : 1));
      String text = directive(directive, time);
      out.append(unpadded && text.length() > 1 ? text.replaceFirst("^[0 ]+(?=.)", "") : text);
      at += unpadded ? 3 : 2;
    }
    return out.toString();
  }

  private static String directive(char directive, LocalDateTime time) {
    return switch (directive) {
      case 'Y' -> pattern("yyyy", time);
      case 'y' -> pattern("yy", time);
      case 'm' -> pattern("MM", time);
      case 'd' -> pattern("dd", time);
      case 'e' -> "%2d".formatted(time.getDayOfMonth());
      case 'H' -> pattern("HH", time);
      case 'I' -> pattern("hh", time);
      case 'M' -> pattern("mm", time);
      case 'S' -> pattern("ss", time);
      case 'f' -> pattern("SSSSSS", time);
      case 'p' -> time.getHour() < 12 ? "AM" : "PM";
      case 'j' -> pattern("DDD", time);
      case 'a' -> pattern("EEE", time);
      case 'A' -> pattern("EEEE", time);
      case 'b', 'h' -> pattern("MMM", time);
      case 'B' -> pattern("MMMM", time);
      case 'w' -> Integer.toString(time.getDayOfWeek().getValue() % 7);
      case 'u' -> Integer.toString(time.getDayOfWeek().getValue());
      case 'V' -> "%02d".formatted(time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
      case 'D', 'x' -> pattern("MM/dd/yy", time);
      case 'F' -> pattern("yyyy-MM-dd", time);
      case 'T', 'X' -> pattern("HH:mm:ss", time);
      case 'R' -> pattern("HH:mm", time);
      case 'c' ->
          pattern("EEE MMM ", time) + directive('e', time) + pattern(" HH:mm:ss yyyy", time);
      case 'Z', 'z' -> "";
      case 'n' -> "\n";
      case 't' -> "\t";
      case '%' -> "%";
      default ->
          throw TemplateException.failed(
              "the directive %%%s of strftime_now is not supported".formatted(directive));
    };
  }

  private static String pattern(String pattern, LocalDateTime time) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).format(time);
  }
}
