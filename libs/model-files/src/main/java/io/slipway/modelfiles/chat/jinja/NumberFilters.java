package io.slipway.modelfiles.chat.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Filters that make numbers. */
final class NumberFilters {

  private static final Pattern FLOAT =
      Pattern.compile(
          "[-+]?(?:[0-9](?:_?[0-9])*\\.?|[0-9](?:_?[0-9])*\\.[0-9](?:_?[0-9])*|\\.[0-9](?:_?[0-9])*)"
              + "(?:[eE][-+]?[0-9]{1,9})?");
  private static final Pattern NON_FINITE =
      Pattern.compile("([-+]?)(inf|infinity|nan)", Pattern.CASE_INSENSITIVE);
  private static final int DECIMAL = 10;
  private static final int MOST_DIGITS = 300;

  private final Budget budget;

  NumberFilters(Budget budget) {
    this.budget = budget;
  }

  Map<String, Filters.Filter> all() {
    Map<String, Filters.Filter> filters = new HashMap<>();
    filters.put("abs", (value, arguments) -> Arithmetic.absolute(value));
    filters.put("int", this::toInteger);
    filters.put("float", this::toFloat);
    filters.put("round", this::round);
    filters.put("sum", this::sum);
    return filters;
  }

  private Value toInteger(Value value, Arguments arguments) {
    Map<String, Value> bound = arguments.bind("int", "default", "base");
    int base = Arithmetic.toInt(bound.getOrDefault("base", Value.Int.of(DECIMAL)), "the base");
    Optional<BigInteger> whole =
        switch (value) {
          case Value.Int number -> Optional.of(number.value());
          case Value.Bool bool -> Optional.of(Arithmetic.toInteger(bool, "it"));
          case Value.Real real -> truncated(real.value());
          case Value.Text text ->
              parse(text.value(), base).or(() -> parseFloat(text.value()).flatMap(this::truncated));
          case Value.Undefined undefined -> throw undefined.error();
          default -> Optional.empty();
        };
    return whole.<Value>map(Value.Int::new).orElse(bound.getOrDefault("default", Value.Int.of(0)));
  }

  private Optional<BigInteger> truncated(double value) {
    return Double.isFinite(value)
        ? Optional.of(new BigDecimal(value).toBigInteger())
        : Optional.empty();
  }

  private Optional<BigInteger> parse(String text, int base) {
    String digits = stripped(text).toLowerCase(Locale.ROOT);
    budget.spend(text.length());
    String unsigned =
        digits.startsWith("-") || digits.startsWith("+") ? digits.substring(1) : digits;
    String prefix =
        switch (base) {
          case 16 -> "0x";
          case 8 -> "0o";
          case 2 -> "0b";
          default -> "";
        };
    if (!prefix.isEmpty() && unsigned.startsWith(prefix)) {
      unsigned = unsigned.substring(2);
    }
    boolean valid =
        base >= 2
            && base <= Character.MAX_RADIX
            && !unsigned.isEmpty()
            && unsigned.length() <= Arithmetic.MAX_DIGITS
            && !unsigned.startsWith("_")
            && !unsigned.endsWith("_")
            && !unsigned.contains("__")
            && unsigned.chars().allMatch(c -> c == '_' || Character.digit(c, base) >= 0);
    if (!valid) {
      return Optional.empty();
    }
    BigInteger magnitude = new BigInteger(unsigned.replace("_", ""), base);
    return Optional.of(digits.startsWith("-") ? magnitude.negate() : magnitude);
  }

  private Value toFloat(Value value, Arguments arguments) {
    Value absent = arguments.bind("float", "default").getOrDefault("default", new Value.Real(0));
    return switch (value) {
      case Value.Undefined undefined -> throw undefined.error();
      case Value.Text text -> parseFloat(text.value()).<Value>map(Value.Real::new).orElse(absent);
      default -> Arithmetic.isNumber(value) ? new Value.Real(Arithmetic.toDouble(value)) : absent;
    };
  }

  private Optional<Double> parseFloat(String text) {
    String number = stripped(text);
    budget.spend(text.length());
    if (number.length() <= MOST_DIGITS && FLOAT.matcher(number).matches()) {
      return Optional.of(Double.parseDouble(number.replace("_", "")));
    }
    if (!NON_FINITE.matcher(number).matches()) {
      return Optional.empty();
    }
    String name = number.toLowerCase(Locale.ROOT);
    double magnitude = name.contains("nan") ? Double.NaN : Double.POSITIVE_INFINITY;
    return Optional.of(name.startsWith("-") ? -magnitude : magnitude);
  }

  private static String stripped(String text) {
    return Characters.stripLeading(Characters.stripTrailing(text), Characters::isSpace);
  }

  private Value round(Value value, Arguments arguments) {
    Map<String, Value> bound = arguments.bind("round", "precision", "method");
    int precision =
        Arithmetic.toInt(bound.getOrDefault("precision", Value.Int.of(0)), "the precision");
    Value method = bound.getOrDefault("method", Value.of("common"));
    if (!Arithmetic.isNumber(value)) {
      throw TemplateException.failed(
          "type %s doesn't define __round__ method".formatted(PythonText.typeName(value)));
    }
    if (Math.abs(precision) > MOST_DIGITS) {
      throw TemplateException.failed(
          "the precision is %d, expected %d at most".formatted(precision, MOST_DIGITS));
    }
    boolean whole = !(value instanceof Value.Real);
    double number = Arithmetic.toDouble(value);
    if (!Double.isFinite(number)) {
      return value;
    }
    double scale = Math.pow(DECIMAL, precision);
    return switch (method instanceof Value.Text text ? text.value() : "") {
      case "common" -> {
        if (whole) {
          BigDecimal exact = new BigDecimal(Arithmetic.toInteger(value, "it"));
          yield precision >= 0
              ? new Value.Int(exact.toBigInteger())
              : new Value.Int(exact.setScale(precision, RoundingMode.HALF_EVEN).toBigInteger());
        }
        BigDecimal exact = new BigDecimal(number).setScale(precision, RoundingMode.HALF_EVEN);
        yield new Value.Real(Math.copySign(exact.doubleValue(), number));
      }
      case "ceil" -> new Value.Real(Math.ceil(number * scale) / scale);
      case "floor" -> new Value.Real(Math.floor(number * scale) / scale);
      default -> throw TemplateException.failed("method must be common, ceil or floor");
    };
  }

  private Value sum(Value value, Arguments arguments) {
    Map<String, Value> bound = arguments.bind("sum", "attribute", "start");
    Value attribute = bound.getOrDefault("attribute", Value.None.NONE);
    Arithmetic arithmetic = new Arithmetic(budget);
    Value total = bound.getOrDefault("start", Value.Int.of(0));
    for (Value item : Iteration.all(value, budget)) {
      Value summand =
          attribute == Value.None.NONE ? item : AttributePath.of(attribute, budget).in(item);
      total = arithmetic.apply("+", total, summand);
    }
    return total;
  }
}
