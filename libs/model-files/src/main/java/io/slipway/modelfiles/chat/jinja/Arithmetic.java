package io.slipway.modelfiles.chat.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/** The operators on numbers, texts and sequences. */
final class Arithmetic {

  /** Of an integer, as in Python's conversions. */
  static final int MAX_DIGITS = 4300;

  private static final int MAX_BITS = 15_000;

  private final Budget budget;

  Arithmetic(Budget budget) {
    this.budget = budget;
  }

  static boolean isNumber(Value value) {
    return value instanceof Value.Int || value instanceof Value.Real || value instanceof Value.Bool;
  }

  /** An integer's value, where true counts as 1 and false as 0. */
  static BigInteger toInteger(Value value, String what) {
    return switch (value) {
      case Value.Int number -> number.value();
      case Value.Bool bool -> bool.value() ? BigInteger.ONE : BigInteger.ZERO;
      case Value.Undefined undefined -> throw undefined.error();
      default ->
          throw TemplateException.failed(
              "%s has to be an integer, not %s".formatted(what, PythonText.typeName(value)));
    };
  }

  /** An integer that is clamped to what an int holds. */
  static int toInt(Value value, String what) {
    BigInteger number = toInteger(value, what);
    if (number.bitLength() > 31) {
      return number.signum() < 0 ? Integer.MIN_VALUE : Integer.MAX_VALUE;
    }
    return number.intValue();
  }

  static double toDouble(Value value) {
    return value instanceof Value.Real real
        ? real.value()
        : toInteger(value, "the operand").doubleValue();
  }

  static int compare(Value left, Value right) {
    if (left instanceof Value.Real || right instanceof Value.Real) {
      double a = toDouble(left);
      double b = toDouble(right);
      return a == b ? 0 : Double.compare(a, b);
    }
    return toInteger(left, "the operand").compareTo(toInteger(right, "the operand"));
  }

  Value apply(String operator, Value left, Value right) {
    if (left instanceof Value.Undefined undefined) {
      throw undefined.error();
    }
    if (operator.equals("%") && left instanceof Value.Text format) {
      List<Value> arguments =
          right instanceof Value.Sequence tuple && tuple.kind() == Value.Kind.TUPLE
              ? tuple.items()
              : List.of(right);
      return Value.of(new PercentFormat(budget).format(format.value(), arguments));
    }
    if (right instanceof Value.Undefined undefined) {
      throw undefined.error();
    }
    if (isNumber(left) && isNumber(right)) {
      boolean real = left instanceof Value.Real || right instanceof Value.Real;
      return real
          ? real(operator, toDouble(left), toDouble(right))
          : whole(operator, toInteger(left, "it"), toInteger(right, "it"));
    }
    return switch (operator) {
      case "+" -> join(left, right);
      case "*" -> isNumber(left) ? repeat(right, left) : repeat(left, right);
      default -> throw unsupported(operator, left, right);
    };
  }

  private static TemplateException unsupported(String operator, Value left, Value right) {
    return TemplateException.failed(
        "unsupported operand type(s) for %s: '%s' and '%s'"
            .formatted(operator, PythonText.typeName(left), PythonText.typeName(right)));
  }

  private Value join(Value left, Value right) {
    if (left instanceof Value.Text a && right instanceof Value.Text b) {
      budget.spend((long) a.value().length() + b.value().length());
      return Value.of(a.value() + b.value());
    }
    if (left instanceof Value.Sequence a
        && right instanceof Value.Sequence b
        && a.kind() == b.kind()
        && a.kind().indexed()) {
      budget.spend((long) a.items().size() + b.items().size());
      List<Value> items = new ArrayList<>(a.items());
      items.addAll(b.items());
      return Value.Sequence.of(a.kind(), items);
    }
    if (left instanceof Value.Text || left instanceof Value.Sequence) {
      throw TemplateException.failed(
          "can only concatenate %s (not \"%s\") to %s"
              .formatted(
                  PythonText.typeName(left),
                  PythonText.typeName(right),
                  PythonText.typeName(left)));
    }
    throw unsupported("+", left, right);
  }

  private Value repeat(Value value, Value times) {
    boolean integer = times instanceof Value.Int || times instanceof Value.Bool;
    if (integer && value instanceof Value.Text text) {
      int count = Math.max(0, toInt(times, "the count"));
      budget.spend((long) text.value().length() * count);
      return Value.of(text.value().repeat(text.value().isEmpty() ? 0 : count));
    }
    if (integer && value instanceof Value.Sequence sequence) {
      int count = sequence.items().isEmpty() ? 0 : Math.max(0, toInt(times, "the count"));
      budget.spend((long) sequence.items().size() * count);
      List<Value> items = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        items.addAll(sequence.items());
      }
      return Value.Sequence.of(sequence.kind(), items);
    }
    throw TemplateException.failed(
        "can't multiply '%s' by '%s'"
            .formatted(PythonText.typeName(value), PythonText.typeName(times)));
  }

  private static Value whole(String operator, BigInteger left, BigInteger right) {
    return switch (operator) {
      case "+" -> integer(left.add(right));
      case "-" -> integer(left.subtract(right));
      case "*" -> integer(left.multiply(right));
      case "/" -> quotient(left, right);
      case "//" -> integer(floorDivided(left, nonZero(right))[0]);
      case "%" -> integer(floorDivided(left, nonZero(right))[1]);
      default -> power(left, right);
    };
  }

  /** Quotient and remainder, which has the sign of the divisor. */
  private static BigInteger[] floorDivided(BigInteger left, BigInteger right) {
    BigInteger[] parts = left.divideAndRemainder(right);
    if (parts[1].signum() != 0 && parts[1].signum() != right.signum()) {
      parts[0] = parts[0].subtract(BigInteger.ONE);
      parts[1] = parts[1].add(right);
    }
    return parts;
  }

  private static Value quotient(BigInteger left, BigInteger right) {
    nonZero(right);
    return new Value.Real(
        new BigDecimal(left).divide(new BigDecimal(right), MathContext.DECIMAL128).doubleValue());
  }

  private static BigInteger nonZero(BigInteger divisor) {
    if (divisor.signum() == 0) {
      throw TemplateException.failed("division by zero");
    }
    return divisor;
  }

  private static Value power(BigInteger base, BigInteger exponent) {
    if (exponent.signum() < 0) {
      return real("**", base.doubleValue(), exponent.doubleValue());
    }
    if (exponent.bitLength() > 31 || (long) base.bitLength() * exponent.intValue() > MAX_BITS) {
      throw tooLarge();
    }
    return integer(base.pow(exponent.intValue()));
  }

  static Value integer(BigInteger value) {
    if (value.bitLength() > MAX_BITS) {
      throw tooLarge();
    }
    return new Value.Int(value);
  }

  private static TemplateException tooLarge() {
    return TemplateException.limit("a number has more than %d bits".formatted(MAX_BITS));
  }

  private static Value real(String operator, double left, double right) {
    if (right == 0 && (operator.equals("/") || operator.equals("//") || operator.equals("%"))) {
      throw TemplateException.failed("float division by zero");
    }
    double remainder = left % right;
    if (remainder != 0 && Math.signum(remainder) != Math.signum(right)) {
      remainder += right;
    }
    return new Value.Real(
        switch (operator) {
          case "+" -> left + right;
          case "-" -> left - right;
          case "*" -> left * right;
          case "/" -> left / right;
          case "//" -> Math.floor((left - remainder) / right + 0.5);
          case "%" -> remainder;
          default -> Math.pow(left, right);
        });
  }

  static Value negated(Value value) {
    if (value instanceof Value.Real real) {
      return new Value.Real(-real.value());
    }
    return integer(toInteger(value, "the operand of -").negate());
  }

  static Value absolute(Value value) {
    if (value instanceof Value.Real real) {
      return new Value.Real(Math.abs(real.value()));
    }
    return integer(toInteger(value, "the operand of abs").abs());
  }
}
