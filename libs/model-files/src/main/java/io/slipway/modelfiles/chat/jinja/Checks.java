package io.slipway.modelfiles.chat.jinja;

import java.math.BigInteger;
import java.util.Optional;
import java.util.Set;

/** The tests that follow {@code is}. */
final class Checks {

  private static final Set<String> EQUAL = Set.of("eq", "equalto", "==", "sameas");

  private final Ordering ordering;
  private final PythonText python;

  Checks(Budget budget) {
    this.ordering = new Ordering(budget);
    this.python = new PythonText(budget);
  }

  boolean has(String name) {
    return aboutValue(name, Value.None.NONE).isPresent()
        || Set.of("odd", "even", "divisibleby", "in", "ne", "!=", "gt", "greaterthan", ">")
            .contains(name)
        || Set.of("ge", ">=", "lt", "lessthan", "<", "le", "<=").contains(name)
        || EQUAL.contains(name);
  }

  boolean holds(String name, Value value, Arguments arguments) {
    Optional<Boolean> known = aboutValue(name, value);
    if (known.isPresent()) {
      arguments.none(name);
      return known.get();
    }
    if (!has(name)) {
      throw TemplateException.failed("No test named '%s'.".formatted(name));
    }
    if (name.equals("odd") || name.equals("even")) {
      arguments.none(name);
      return remainder(value, Value.Int.of(2)).signum() == (name.equals("odd") ? 1 : 0);
    }
    Value other = arguments.only(name, "other");
    if (EQUAL.contains(name)) {
      return ordering.equal(value, other);
    }
    return switch (name) {
      case "divisibleby" -> remainder(value, other).signum() == 0;
      case "in" -> ordering.contains(other, value);
      case "ne", "!=" -> !ordering.equal(value, other);
      case "gt", "greaterthan", ">" -> ordering.compare(value, other) > 0;
      case "ge", ">=" -> ordering.compare(value, other) >= 0;
      case "lt", "lessthan", "<" -> ordering.compare(value, other) < 0;
      default -> ordering.compare(value, other) <= 0;
    };
  }

  private static BigInteger remainder(Value value, Value divisor) {
    BigInteger by = Arithmetic.toInteger(divisor, "the divisor");
    if (by.signum() == 0) {
      throw TemplateException.failed("division by zero");
    }
    return Arithmetic.toInteger(value, "the tested value").mod(by.abs());
  }

  /** The tests that need nothing but the value. */
  private Optional<Boolean> aboutValue(String name, Value value) {
    return switch (name) {
      case "defined" -> Optional.of(!(value instanceof Value.Undefined));
      case "undefined" -> Optional.of(value instanceof Value.Undefined);
      case "none" -> Optional.of(value == Value.None.NONE);
      case "boolean" -> Optional.of(value instanceof Value.Bool);
      case "true" -> Optional.of(value.equals(Value.of(true)));
      case "false" -> Optional.of(value.equals(Value.of(false)));
      case "integer" -> Optional.of(value instanceof Value.Int);
      case "float" -> Optional.of(value instanceof Value.Real);
      case "number" -> Optional.of(Arithmetic.isNumber(value));
      case "string" -> Optional.of(value instanceof Value.Text);
      case "mapping" -> Optional.of(value instanceof Value.Dict);
      case "sequence" ->
          Optional.of(
              switch (value) {
                case Value.Text text -> true;
                case Value.Dict dict -> true;
                case Value.Sequence sequence -> sequence.kind().indexed();
                // It has a length and refuses every element only when one is asked for.
                case Value.Undefined undefined -> true;
                default -> false;
              });
      case "iterable" -> Optional.of(Iteration.isPossible(value));
      case "callable" ->
          Optional.of(value instanceof Value.Callable || value instanceof Value.Undefined);
      case "lower" -> Optional.of(TextMethods.isLower(python.str(value)));
      case "upper" -> Optional.of(TextMethods.isUpper(python.str(value)));
      case "escaped" -> Optional.of(false);
      default -> Optional.empty();
    };
  }
}
