package io.slipway.modelfiles.chat.jinja;

import java.math.BigDecimal;
import java.util.Iterator;
import java.util.Map;

/** Python's {@code str} and {@code repr}, and its names of types. */
final class PythonText {

  /** Digits before the point from which on a float is shown with an exponent. */
  private static final int EXPONENT_FROM = 16;

  private static final int EXPONENT_BELOW = -4;

  private final Budget budget;

  PythonText(Budget budget) {
    this.budget = budget;
  }

  String str(Value value) {
    return switch (value) {
      case Value.Text text -> text.value();
      case Value.Undefined undefined -> "";
      case Value.Int number -> number.value().toString();
      default -> repr(value);
    };
  }

  String repr(Value value) {
    StringBuilder out = new StringBuilder();
    repr(value, out);
    return out.toString();
  }

  private void repr(Value value, StringBuilder out) {
    int before = out.length();
    switch (value) {
      case Value.Text text -> repr(text.value(), out);
      case Value.Int number -> out.append(number.value());
      case Value.Real real -> out.append(repr(real.value()));
      case Value.Bool bool -> out.append(bool.value() ? "True" : "False");
      case Value.None none -> out.append("None");
      case Value.Undefined undefined -> out.append("Undefined");
      case Value.Sequence sequence -> repr(sequence, out);
      case Value.Dict dict -> repr(dict, out);
      case Value.Generator generator -> out.append("<generator object>");
      case Value.Namespace namespace -> out.append("<Namespace>");
      case Loop loop -> out.append("<LoopContext>");
      case Value.Callable callable -> out.append("<").append(callable.name()).append(">");
    }
    budget.spend(1 + out.length() - before);
  }

  private void repr(Value.Sequence sequence, StringBuilder out) {
    boolean tuple = sequence.kind() == Value.Kind.TUPLE;
    boolean view = !sequence.kind().indexed();
    out.append(view ? sequence.kind().typeName() + "([" : tuple ? "(" : "[");
    Iterator<Value> items = sequence.items().iterator();
    while (items.hasNext()) {
      repr(items.next(), out);
      out.append(items.hasNext() ? ", " : tuple && sequence.items().size() == 1 ? "," : "");
    }
    out.append(view ? "])" : tuple ? ")" : "]");
  }

  private void repr(Value.Dict dict, StringBuilder out) {
    out.append("{");
    Iterator<Map.Entry<Value, Value>> entries = dict.entries().entrySet().iterator();
    while (entries.hasNext()) {
      Map.Entry<Value, Value> entry = entries.next();
      repr(entry.getKey(), out);
      out.append(": ");
      repr(entry.getValue(), out);
      out.append(entries.hasNext() ? ", " : "");
    }
    out.append("}");
  }

  private static void repr(String text, StringBuilder out) {
    char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
    out.append(quote);
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                  if (c == quote) {
                    out.append('\\').append(quote);
                  } else if (Characters.isPrintable(c)) {
                    out.appendCodePoint(c);
                  } else {
                    String format = c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x";
                    out.append(format.formatted(c));
                  }
                }
              }
            });
    out.append(quote);
  }

  /** The shortest digits that give the same number back. */
  static String repr(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    if (value == 0) {
      return Math.copySign(1, value) < 0 ? "-0.0" : "0.0";
    }
    BigDecimal exact = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    int exponent = exact.precision() - exact.scale() - 1;
    if (exponent >= EXPONENT_BELOW && exponent < EXPONENT_FROM) {
      String plain = exact.toPlainString();
      return plain.indexOf('.') < 0 ? plain + ".0" : plain;
    }
    String digits = exact.unscaledValue().abs().toString();
    return "%s%s%se%s%02d"
        .formatted(
            value < 0 ? "-" : "",
            digits.charAt(0),
            digits.length() > 1 ? "." + digits.substring(1) : "",
            exponent < 0 ? "-" : "+",
            Math.abs(exponent));
  }

  static String typeName(Value value) {
    return switch (value) {
      case Value.Text text -> "str";
      case Value.Int number -> "int";
      case Value.Real real -> "float";
      case Value.Bool bool -> "bool";
      case Value.None none -> "NoneType";
      case Value.Undefined undefined -> "Undefined";
      case Value.Sequence sequence -> sequence.kind().typeName();
      case Value.Dict dict -> "dict";
      case Value.Generator generator -> "generator";
      case Value.Namespace namespace -> "Namespace";
      case Loop loop -> "LoopContext";
      case Value.Callable callable -> "function";
    };
  }

  /** How the messages about what is undefined name what lacks it. */
  static String owner(Value value) {
    return value == Value.None.NONE ? "None" : typeName(value) + " object";
  }
}
