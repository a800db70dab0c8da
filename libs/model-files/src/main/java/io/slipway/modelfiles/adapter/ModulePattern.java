package io.slipway.modelfiles.adapter;

import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.ModelFilesException.Reason;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression out of an adapter's configuration. These may come from strangers, so their
 * size and the steps that they take are limited: none hangs the process or exhausts its stack.
 */
final class ModulePattern {

  private static final int MAX_LENGTH = 1 << 16;
  private static final int MAX_NESTING = 40;
  private static final int MAX_STEPS = 1_000_000;

  private final String field;
  private final String expression;
  private final Pattern pattern;

  private ModulePattern(String field, String expression, Pattern pattern) {
    this.field = field;
    this.expression = expression;
    this.pattern = pattern;
  }

  /**
   * Reads an expression.
   *
   * @param template where {@code %s} stands for the expression
   */
  static ModulePattern of(String field, String expression, String template) {
    if (expression.length() > MAX_LENGTH || nesting(expression) > MAX_NESTING) {
      throw malformed(
          field,
          "has an expression of %d characters nested %d deep; the limits are %d and %d"
              .formatted(expression.length(), nesting(expression), MAX_LENGTH, MAX_NESTING));
    }
    try {
      return new ModulePattern(field, expression, Pattern.compile(template.formatted(expression)));
    } catch (PatternSyntaxException e) {
      throw malformed(
          field,
          "has \"%s\", which is no regular expression: %s"
              .formatted(expression, e.getDescription()));
    }
  }

  /** How deep brackets are nested at most; escaped ones count too, which does no harm. */
  private static int nesting(String expression) {
    int depth = 0;
    int deepest = 0;
    for (char c : expression.toCharArray()) {
      if (c == '(' || c == '[') {
        deepest = Math.max(deepest, ++depth);
      } else if (c == ')' || c == ']') {
        depth--;
      }
    }
    return deepest;
  }

  private static ModelFilesException malformed(String field, String problem) {
    return new ModelFilesException(
        Reason.MALFORMED_CONFIG, "%s: %s %s".formatted(AdapterConfig.FILE, field, problem));
  }

  String expression() {
    return expression;
  }

  boolean matchesAll(String module) {
    return matcher(module).matches();
  }

  /** A matcher of which only the methods that start to match may be called. */
  Matcher matcher(String module) {
    return pattern.matcher(new Steps(module, new int[1]));
  }

  /** Counts the characters that are looked at, which bounds the time that a match may take. */
  private final class Steps implements CharSequence {

    private final String text;
    private final int[] taken;

    private Steps(String text, int[] taken) {
      this.text = text;
      this.taken = taken;
    }

    @Override
    public char charAt(int index) {
      if (++taken[0] > MAX_STEPS) {
        throw malformed(
            field,
            "has \"%s\", which takes more than %d steps to match %s"
                .formatted(expression, MAX_STEPS, text));
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return new Steps(text.substring(start, end), taken);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
