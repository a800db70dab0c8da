package io.slipway.modelfiles.chat.jinja;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;

/** The methods of Python's {@code str} that make sense in a template. */
final class TextMethods {

  private static final Pattern LINE_BREAK =
      Pattern.compile("\\r\\n|[\\n\\r\\u000b\\f\\u001c-\\u001e\\u0085\\u2028\\u2029]");

  private final Budget budget;
  private final PythonText python;

  TextMethods(Budget budget) {
    this.budget = budget;
    this.python = new PythonText(budget);
  }

  Optional<Value> method(String text, String name) {
    Function<Arguments, Value> body =
        switch (name) {
          case "upper" -> plain(name, () -> Value.of(Characters.upper(text)));
          case "lower", "casefold" ->
              plain(
                  name,
                  () ->
                      Value.of(
                          Characters.lower(
                              name.equals("lower") ? text : text.replace("\u00df", "ss"))));
          case "title" -> plain(name, () -> Value.of(title(text)));
          case "capitalize" -> plain(name, () -> Value.of(Characters.capitalize(text)));
          case "swapcase" -> plain(name, () -> Value.of(swapCase(text)));
          case "strip", "lstrip", "rstrip" -> arguments -> strip(text, name, arguments);
          case "split", "rsplit" -> arguments -> split(text, name, arguments);
          case "splitlines" -> plain(name, () -> Value.texts(lines(text)));
          case "startswith" -> arguments -> affix(name, arguments, text, String::startsWith);
          case "endswith" -> arguments -> affix(name, arguments, text, String::endsWith);
          case "removeprefix" ->
              with(name, p -> text.startsWith(p) ? text.substring(p.length()) : text);
          case "removesuffix" ->
              with(
                  name,
                  s -> text.endsWith(s) ? text.substring(0, text.length() - s.length()) : text);
          case "replace" -> arguments -> replace(text, arguments);
          case "find" -> arguments -> find(name, text, arguments, String::indexOf);
          case "rfind" -> arguments -> find(name, text, arguments, String::lastIndexOf);
          case "index" ->
              arguments -> {
                Value found = find(name, text, arguments, String::indexOf);
                if (found.equals(Value.Int.of(-1))) {
                  throw TemplateException.failed("substring not found");
                }
                return found;
              };
          case "count" ->
              arguments -> Value.Int.of(occurrences(text, string(arguments, name, "sub")));
          case "partition", "rpartition" -> arguments -> partition(text, name, arguments);
          case "join" -> arguments -> join(text, arguments.only(name, "iterable"));
          case "zfill", "ljust", "rjust", "center" -> arguments -> pad(text, name, arguments);
          case "isdigit", "isnumeric", "isdecimal" -> every(name, text, Character::isDigit);
          case "isalpha" -> every(name, text, Character::isLetter);
          case "isalnum" -> every(name, text, Character::isLetterOrDigit);
          case "isspace" -> every(name, text, Characters::isSpace);
          case "isupper" -> plain(name, () -> Value.of(isUpper(text)));
          case "islower" -> plain(name, () -> Value.of(isLower(text)));
          default -> null;
        };
    return Optional.ofNullable(body).map(found -> new Value.Function(name, found));
  }

  private Function<Arguments, Value> plain(String name, java.util.function.Supplier<Value> body) {
    return arguments -> {
      arguments.none(name);
      return body.get();
    };
  }

  private static Function<Arguments, Value> with(String name, Function<String, String> body) {
    return arguments -> Value.of(body.apply(string(arguments, name, "affix")));
  }

  private Function<Arguments, Value> every(String name, String text, IntPredicate test) {
    return plain(name, () -> Value.of(!text.isEmpty() && text.codePoints().allMatch(test)));
  }

  private static String string(Arguments arguments, String name, String parameter) {
    return string(arguments.only(name, parameter), name);
  }

  private static String string(Value value, String name) {
    if (value instanceof Value.Text text) {
      return text.value();
    }
    if (value instanceof Value.Undefined undefined) {
      throw undefined.error();
    }
    throw TemplateException.failed(
        "the argument of %s has to be str, not %s".formatted(name, PythonText.typeName(value)));
  }

  private Value strip(String text, String name, Arguments arguments) {
    Value characters = arguments.bind(name, "chars").getOrDefault("chars", Value.None.NONE);
    return Value.of(strip(text, name, characters));
  }

  /**
   * @param characters to strip; None for white space
   */
  String strip(String text, String name, Value characters) {
    IntPredicate stripped = Characters::isSpace;
    if (characters != Value.None.NONE) {
      String set = string(characters, name);
      budget.spend((long) text.length() + set.length());
      stripped = c -> set.indexOf(c) >= 0;
    }
    String right = name.equals("lstrip") ? text : Characters.stripTrailing(text, stripped);
    return name.equals("rstrip") ? right : Characters.stripLeading(right, stripped);
  }

  private Value split(String text, String name, Arguments arguments) {
    Map<String, Value> bound = arguments.bind(name, "sep", "maxsplit");
    Value separator = bound.getOrDefault("sep", Value.None.NONE);
    int limit = Arithmetic.toInt(bound.getOrDefault("maxsplit", Value.Int.of(-1)), "maxsplit");
    int most = limit < 0 ? Integer.MAX_VALUE : limit;
    budget.spend(text.length());
    boolean fromRight = name.equals("rsplit");
    if (separator == Value.None.NONE) {
      return Value.texts(fromRight ? wordsFromRight(text, most) : words(text, most));
    }
    String by = string(separator, name);
    if (by.isEmpty()) {
      throw TemplateException.failed("empty separator");
    }
    return Value.texts(fromRight ? partsFromRight(text, by, most) : parts(text, by, most));
  }

  private static List<String> parts(String text, String separator, int most) {
    List<String> parts = new ArrayList<>();
    int at = 0;
    for (int i = text.indexOf(separator);
        i >= 0 && parts.size() < most;
        i = text.indexOf(separator, at)) {
      parts.add(text.substring(at, i));
      at = i + separator.length();
    }
    parts.add(text.substring(at));
    return parts;
  }

  private static List<String> partsFromRight(String text, String separator, int most) {
    List<String> parts = new ArrayList<>();
    String rest = text;
    for (int i = rest.lastIndexOf(separator);
        i >= 0 && parts.size() < most;
        i = rest.lastIndexOf(separator)) {
      parts.add(rest.substring(i + separator.length()));
      rest = rest.substring(0, i);
    }
    parts.add(rest);
    return parts.reversed();
  }

  private static List<String> words(String text, int most) {
    List<String> words = new ArrayList<>();
    String rest = Characters.stripLeading(text, Characters::isSpace);
    while (!rest.isEmpty() && words.size() < most) {
      int end = 0;
      while (end < rest.length() && !Characters.isSpace(rest.charAt(end))) {
        end++;
      }
      words.add(rest.substring(0, end));
      rest = Characters.stripLeading(rest.substring(end), Characters::isSpace);
    }
    if (!rest.isEmpty()) {
      words.add(rest);
    }
    return words;
  }

  private static List<String> wordsFromRight(String text, int most) {
    List<String> words = new ArrayList<>();
    String rest = Characters.stripTrailing(text);
    while (!rest.isEmpty() && words.size() < most) {
      int begin = rest.length();
      while (begin > 0 && !Characters.isSpace(rest.charAt(begin - 1))) {
        begin--;
      }
      words.add(rest.substring(begin));
      rest = Characters.stripTrailing(rest.substring(0, begin));
    }
    if (!rest.isEmpty()) {
      words.add(rest);
    }
    return words.reversed();
  }

  static List<String> lines(String text) {
    List<String> lines = new ArrayList<>(Arrays.asList(LINE_BREAK.split(text, -1)));
    if (lines.getLast().isEmpty()) {
      lines.removeLast();
    }
    return lines;
  }

  private static Value affix(
      String name, Arguments arguments, String text, BiPredicate<String, String> test) {
    Value affix = arguments.only(name, "affix");
    List<Value> affixes =
        affix instanceof Value.Sequence tuple && tuple.kind() == Value.Kind.TUPLE
            ? tuple.items()
            : List.of(affix);
    return Value.of(affixes.stream().anyMatch(one -> test.test(text, string(one, name))));
  }

  private Value replace(String text, Arguments arguments) {
    Map<String, Value> bound = arguments.bind("replace", "old", "new", "count");
    String old = string(Arguments.required(bound, "replace", "old"), "replace");
    String fresh = string(Arguments.required(bound, "replace", "new"), "replace");
    int count = Arithmetic.toInt(bound.getOrDefault("count", Value.Int.of(-1)), "count");
    return Value.of(replace(text, old, fresh, count));
  }

  /**
   * @param count replacements at most; negative for all
   */
  String replace(String text, String old, String fresh, int count) {
    long found = count < 0 ? occurrences(text, old) : Math.min(count, occurrences(text, old));
    budget.spend(text.length() + found * fresh.length());
    StringBuilder out = new StringBuilder();
    int at = 0;
    for (long i = 0; i < found; i++) {
      int match = old.isEmpty() ? at : text.indexOf(old, at);
      out.append(text, at, match).append(fresh);
      at = match + old.length();
      if (old.isEmpty() && at < text.length()) {
        int end = text.offsetByCodePoints(at, 1);
        out.append(text, at, end);
        at = end;
      }
    }
    return out.append(text, at, text.length()).toString();
  }

  private long occurrences(String text, String part) {
    budget.spend(text.length());
    if (part.isEmpty()) {
      return Characters.length(text) + 1L;
    }
    long count = 0;
    for (int i = text.indexOf(part); i >= 0; i = text.indexOf(part, i + part.length())) {
      count++;
    }
    return count;
  }

  private Value find(
      String name,
      String text,
      Arguments arguments,
      java.util.function.ToIntBiFunction<String, String> search) {
    budget.spend(text.length());
    int found = search.applyAsInt(text, string(arguments, name, "sub"));
    return Value.Int.of(found < 0 ? -1 : text.codePointCount(0, found));
  }

  private static Value partition(String text, String name, Arguments arguments) {
    String separator = string(arguments, name, "sep");
    if (separator.isEmpty()) {
      throw TemplateException.failed("empty separator");
    }
    boolean fromRight = name.equals("rpartition");
    int at = fromRight ? text.lastIndexOf(separator) : text.indexOf(separator);
    if (at < 0) {
      return fromRight
          ? Value.Sequence.tuple(Value.EMPTY, Value.EMPTY, Value.of(text))
          : Value.Sequence.tuple(Value.of(text), Value.EMPTY, Value.EMPTY);
    }
    return Value.Sequence.tuple(
        Value.of(text.substring(0, at)),
        Value.of(separator),
        Value.of(text.substring(at + separator.length())));
  }

  private Value join(String separator, Value items) {
    List<Value> parts = Iteration.all(items, budget);
    for (Value part : parts) {
      string(part, "join");
    }
    return Value.of(join(separator, parts));
  }

  /** All items as texts with a separator between them. */
  String join(String separator, List<Value> items) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < items.size(); i++) {
      String item = python.str(items.get(i));
      budget.spend((long) separator.length() + item.length());
      out.append(i == 0 ? "" : separator).append(item);
    }
    return out.toString();
  }

  private Value pad(String text, String name, Arguments arguments) {
    Map<String, Value> bound = arguments.bind(name, "width", "fillchar");
    int width = Arithmetic.toInt(Arguments.required(bound, name, "width"), "the width");
    String fill = string(bound.getOrDefault("fillchar", Value.of(" ")), name);
    if (Characters.length(fill) != 1) {
      throw TemplateException.failed("the fill character must be exactly one character long");
    }
    int missing = Math.max(0, width - Characters.length(text));
    budget.spend((long) missing * fill.length());
    int left = missing / 2 + (missing & width & 1);
    return Value.of(
        switch (name) {
          case "ljust" -> text + fill.repeat(missing);
          case "rjust" -> fill.repeat(missing) + text;
          case "center" -> fill.repeat(left) + text + fill.repeat(missing - left);
          default -> {
            int sign = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
            yield text.substring(0, sign) + "0".repeat(missing) + text.substring(sign);
          }
        });
  }

  static boolean isUpper(String text) {
    return text.equals(Characters.upper(text)) && !text.equals(Characters.lower(text));
  }

  static boolean isLower(String text) {
    return text.equals(Characters.lower(text)) && !text.equals(Characters.upper(text));
  }

  private static String title(String text) {
    StringBuilder out = new StringBuilder();
    StringBuilder word = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (Character.isLetter(c)) {
                word.appendCodePoint(c);
              } else {
                out.append(Characters.capitalize(word.toString())).appendCodePoint(c);
                word.setLength(0);
              }
            });
    return out.append(Characters.capitalize(word.toString())).toString();
  }

  private static String swapCase(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .mapToObj(Character::toString)
        .forEach(c -> out.append(isUpper(c) ? Characters.lower(c) : Characters.upper(c)));
    return out.toString();
  }
}
