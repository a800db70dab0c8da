package io.slipway.modelfiles.chat.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Python's formatting of texts by {@code %}, as far as it concerns texts and plain numbers. */
final class PercentFormat {

  private static final Pattern CONVERSION =
      Pattern.compile("%([-0+ ]*)([0-9]{0,4})(?:\\.([0-9]{1,3}))?(.?)", Pattern.DOTALL);

  private final Budget budget;
  private final PythonText text;

  PercentFormat(Budget budget) {
    this.budget = budget;
    this.text = new PythonText(budget);
  }

  String format(String format, List<Value> arguments) {
    Iterator<Value> next = arguments.iterator();
    Matcher conversion = CONVERSION.matcher(format);
    StringBuilder out = new StringBuilder();
    int at = 0;
    while (conversion.find()) {
      out.append(format, at, conversion.start());
      at = conversion.end();
      String converted = conversion.group(4).equals("%") ? "%" : convert(conversion, next);
      budget.spend(converted.length());
      out.append(converted);
    }
    if (next.hasNext()) {
      throw TemplateException.failed("not all arguments converted during string formatting");
    }
    return out.append(format.substring(at)).toString();
  }

  private String convert(Matcher conversion, Iterator<Value> next) {
    String kind = conversion.group(4);
    if (!"srdifx".contains(kind) || kind.isEmpty()) {
      throw TemplateException.failed(
          "the conversion %s is not supported; supported: %%s, %%r, %%d, %%i, %%f, %%x, %%%%"
              .formatted(conversion.group()));
    }
    if (!next.hasNext()) {
      throw TemplateException.failed("not enough arguments for format string");
    }
    Value value = next.next();
    int precision = conversion.group(3) == null ? -1 : Integer.parseInt(conversion.group(3));
    String body =
        switch (kind) {
          case "s" -> shortened(text.str(value), precision);
          case "r" -> shortened(text.repr(value), precision);
          case "f" -> fixed(Arithmetic.toDouble(value), precision < 0 ? 6 : precision);
          case "x" -> Arithmetic.toInteger(value, "the argument of %x").toString(16);
          default -> truncated(value).toString();
        };
    boolean number = "dixf".contains(kind);
    String flags = conversion.group(1);
    String sign = flags.contains("+") ? "+" : flags.contains(" ") ? " " : "";
    String signed = number && !body.startsWith("-") ? sign + body : body;
    return padded(signed, flags, conversion.group(2), number);
  }

  private static String padded(String body, String flags, String width, boolean number) {
    int missing = (width.isEmpty() ? 0 : Integer.parseInt(width)) - Characters.length(body);
    if (missing <= 0) {
      return body;
    }
    if (flags.contains("-")) {
      return body + " ".repeat(missing);
    }
    if (flags.contains("0") && number) {
      int sign = body.startsWith("-") || body.startsWith("+") || body.startsWith(" ") ? 1 : 0;
      return body.substring(0, sign) + "0".repeat(missing) + body.substring(sign);
    }
    return " ".repeat(missing) + body;
  }

  private static String shortened(String text, int precision) {
    return precision < 0 || Characters.length(text) <= precision
        ? text
        : text.substring(0, text.offsetByCodePoints(0, precision));
  }

  private static String fixed(double value, int precision) {
    return Double.isNaN(value) || Double.isInfinite(value)
        ? PythonText.repr(value)
        : new BigDecimal(value).setScale(precision, RoundingMode.HALF_EVEN).toPlainString();
  }

  private static BigInteger truncated(Value value) {
    return value instanceof Value.Real real && Double.isFinite(real.value())
        ? new BigDecimal(real.value()).toBigInteger()
        : Arithmetic.toInteger(value, "the argument of %d");
  }
}
