package io.slipway.modelfiles.chat.jinja;

import io.slipway.modelfiles.chat.jinja.Token.Type;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a source into tokens and settles all white space: blocks and comments take the line break
 * after them and the blanks of their line before them, {@code -} takes all white space on its side
 * and {@code +} keeps it. One line break at the end of the source is dropped.
 */
final class Lexer {

  private static final Pattern INTEGER =
      Pattern.compile(
          "0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[0-9a-fA-F])+|[1-9](?:_?[0-9])*|0(?:_?0)*");
  private static final Pattern FLOAT =
      Pattern.compile(
          "[0-9](?:_?[0-9])*(?:(?:\\.[0-9](?:_?[0-9])*)?[eE][+-]?[0-9](?:_?[0-9])*|\\.[0-9](?:_?[0-9])*)");
  private static final Pattern RAW_BEGIN = Pattern.compile("\\{%[-+]?\\s*raw\\s*(-%}\\s*|%})");
  private static final Pattern RAW_END =
      Pattern.compile("\\{%([-+]?)\\s*endraw\\s*(?:\\+%}|-%}\\s*|%}\\n?)");
  private static final List<String> OPERATORS =
      List.of(
          "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{",
          "}", ">", "<", "=", ".", ":", "|", ",", ";");

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int line = 1;

  /** Whether what was read last ended with a line break. */
  private boolean lineStarts = true;

  private Lexer(String source) {
    this.source = source;
  }

  static List<Token> tokens(String source) {
    String lines = source.replace("\r\n", "\n").replace('\r', '\n');
    Lexer lexer = new Lexer(lines.endsWith("\n") ? lines.substring(0, lines.length() - 1) : lines);
    lexer.readAll();
    return lexer.tokens;
  }

  private void readAll() {
    while (at < source.length()) {
      int tag = nextTag();
      String data = source.substring(at, tag < 0 ? source.length() : tag);
      if (tag < 0) {
        addData(data);
        moveTo(source.length());
      } else {
        readTag(tag, data);
      }
    }
    tokens.add(new Token(Type.END, "", line));
  }

  private int nextTag() {
    for (int i = source.indexOf('{', at); i >= 0; i = source.indexOf('{', i + 1)) {
      char kind = i + 1 < source.length() ? source.charAt(i + 1) : ' ';
      if (kind == '{' || kind == '%' || kind == '#') {
        return i;
      }
    }
    return -1;
  }

  private void readTag(int tag, String before) {
    char kind = source.charAt(tag + 1);
    char control = tag + 2 < source.length() ? source.charAt(tag + 2) : ' ';
    addData(trimmedBefore(before, control, kind != '{'));
    moveTo(tag);
    Matcher raw = RAW_BEGIN.matcher(source).region(tag, source.length());
    if (raw.lookingAt()) {
      moveTo(raw.end());
      readRaw();
      return;
    }
    moveTo(tag + (control == '-' || control == '+' ? 3 : 2));
    switch (kind) {
      case '#' -> skipComment();
      case '{' -> readInside(Type.PRINT_BEGIN, Type.PRINT_END, "}}");
      default -> readInside(Type.BLOCK_BEGIN, Type.BLOCK_END, "%}");
    }
  }

  private String trimmedBefore(String data, char control, boolean takesBlanks) {
    if (control == '-') {
      return Characters.stripTrailing(data);
    }
    if (control == '+' || !takesBlanks) {
      return data;
    }
    int lineBegin = data.lastIndexOf('\n') + 1;
    boolean blank = data.substring(lineBegin).codePoints().allMatch(Characters::isSpace);
    return blank && (lineBegin > 0 || lineStarts) ? data.substring(0, lineBegin) : data;
  }

  private void readRaw() {
    Matcher end = RAW_END.matcher(source).region(at, source.length());
    if (!end.find()) {
      throw malformed("the raw block is not closed");
    }
    String control = end.group(1);
    addData(
        trimmedBefore(
            source.substring(at, end.start()), control.isEmpty() ? ' ' : control.charAt(0), true));
    moveTo(end.end());
  }

  private void skipComment() {
    int end = source.indexOf("#}", at);
    if (end < 0) {
      throw malformed("the comment is not closed");
    }
    char control = end > at ? source.charAt(end - 1) : ' ';
    moveTo(end + 2);
    skipAfter(control, true);
  }

  private void skipAfter(char control, boolean takesLineBreak) {
    int end = at;
    if (control == '-') {
      while (end < source.length() && Characters.isSpace(source.charAt(end))) {
        end++;
      }
    } else if (control != '+'
        && takesLineBreak
        && end < source.length()
        && source.charAt(end) == '\n') {
      end++;
    }
    moveTo(end);
  }

  private void readInside(Type begin, Type end, String closing) {
    tokens.add(new Token(begin, "", line));
    Deque<String> open = new ArrayDeque<>();
    boolean block = end == Type.BLOCK_END;
    while (true) {
      while (at < source.length() && Characters.isSpace(source.charAt(at))) {
        moveTo(at + 1);
      }
      if (at >= source.length()) {
        throw malformed("the template ends where " + closing + " was expected");
      }
      char control = source.charAt(at);
      boolean controlled =
          (control == '-' || (control == '+' && block)) && source.startsWith(closing, at + 1);
      if (open.isEmpty() && (controlled || source.startsWith(closing, at))) {
        tokens.add(new Token(end, "", line));
        moveTo(at + (controlled ? 3 : 2));
        skipAfter(controlled ? control : ' ', block);
        return;
      }
      readToken(open);
    }
  }

  private void readToken(Deque<String> open) {
    char first = source.charAt(at);
    if (first == '\'' || first == '"') {
      readString(first);
    } else if (first >= '0' && first <= '9') {
      boolean fraction = at > 0 && source.charAt(at - 1) == '.';
      if (fraction || !addMatch(FLOAT, Type.FLOAT)) {
        addMatch(INTEGER, Type.INTEGER);
      }
    } else if (Character.isUnicodeIdentifierStart(source.codePointAt(at)) || first == '_') {
      int end = at;
      while (end < source.length() && isNamePart(source.codePointAt(end))) {
        end += Character.charCount(source.codePointAt(end));
      }
      add(Type.NAME, end);
    } else {
      readOperator(open);
    }
  }

  private static boolean isNamePart(int codePoint) {
    return codePoint == '_'
        || (Character.isUnicodeIdentifierPart(codePoint)
            && !Character.isIdentifierIgnorable(codePoint));
  }

  private void readOperator(Deque<String> open) {
    String operator =
        OPERATORS.stream()
            .filter(candidate -> source.startsWith(candidate, at))
            .findFirst()
            .orElseThrow(
                () ->
                    malformed(
                        "unexpected character '%s'"
                            .formatted(Character.toString(source.codePointAt(at)))));
    switch (operator) {
      case "{" -> open.push("}");
      case "(" -> open.push(")");
      case "[" -> open.push("]");
      case "}", ")", "]" -> {
        if (open.isEmpty() || !open.peek().equals(operator)) {
          throw malformed(
              "unexpected '%s'%s"
                  .formatted(operator, open.isEmpty() ? "" : ", expected '" + open.peek() + "'"));
        }
        open.pop();
      }
      default -> {}
    }
    add(Type.OPERATOR, at + operator.length());
  }

  private void readString(char quote) {
    int end = at + 1;
    while (end < source.length() && source.charAt(end) != quote) {
      end += source.charAt(end) == '\\' ? 2 : 1;
    }
    if (end >= source.length()) {
      throw malformed("the string that begins with " + quote + " is not closed");
    }
    String text = StringLiteral.unescape(source.substring(at + 1, end), line);
    tokens.add(new Token(Type.STRING, text, line));
    moveTo(end + 1);
  }

  private boolean addMatch(Pattern pattern, Type type) {
    Matcher matcher = pattern.matcher(source).region(at, source.length());
    if (!matcher.lookingAt()) {
      return false;
    }
    add(type, matcher.end());
    return true;
  }

  private void add(Type type, int end) {
    tokens.add(new Token(type, source.substring(at, end), line));
    moveTo(end);
  }

  private void addData(String data) {
    if (!data.isEmpty()) {
      tokens.add(new Token(Type.DATA, data, line));
    }
  }

  private void moveTo(int end) {
    for (int i = at; i < end; i++) {
      if (source.charAt(i) == '\n') {
        line++;
      }
    }
    lineStarts = end > at ? source.charAt(end - 1) == '\n' : lineStarts;
    at = end;
  }

  private TemplateException malformed(String problem) {
    return TemplateException.malformed(line, problem);
  }
}
