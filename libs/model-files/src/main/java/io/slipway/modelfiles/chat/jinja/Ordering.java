package io.slipway.modelfiles.chat.jinja;

import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Equality, order, truth and membership. */
final class Ordering {

  private final Budget budget;

  Ordering(Budget budget) {
    this.budget = budget;
  }

  static boolean isTrue(Value value) {
    return switch (value) {
      case Value.Bool bool -> bool.value();
      case Value.None none -> false;
      case Value.Undefined undefined -> false;
      case Value.Text text -> !text.value().isEmpty();
      case Value.Int number -> number.value().signum() != 0;
      case Value.Real real -> real.value() != 0;
      case Value.Sequence sequence -> !sequence.items().isEmpty();
      case Value.Dict dict -> !dict.entries().isEmpty();
      case Value.Generator generator -> true;
      case Value.Namespace namespace -> true;
      case Loop loop -> true;
      case Value.Callable callable -> true;
    };
  }

  boolean equal(Value left, Value right) {
    budget.spend(1);
    if (Arithmetic.isNumber(left) && Arithmetic.isNumber(right)) {
      return Arithmetic.compare(left, right) == 0
          && !Double.isNaN(Arithmetic.toDouble(left))
          && !Double.isNaN(Arithmetic.toDouble(right));
    }
    return switch (left) {
      case Value.Undefined undefined -> right instanceof Value.Undefined;
      case Value.Text text -> {
        budget.spend(text.value().length());
        yield text.equals(right);
      }
      case Value.Sequence sequence ->
          right instanceof Value.Sequence other
              && sequence.kind() == other.kind()
              && allEqual(sequence.items(), other.items());
      case Value.Dict dict -> right instanceof Value.Dict other && sameEntries(dict, other);
      default -> left.equals(right);
    };
  }

  private boolean allEqual(List<Value> left, List<Value> right) {
    if (left.size() != right.size()) {
      return false;
    }
    Iterator<Value> others = right.iterator();
    for (Value item : left) {
      if (!equal(item, others.next())) {
        return false;
      }
    }
    return true;
  }

  private boolean sameEntries(Value.Dict left, Value.Dict right) {
    if (left.entries().size() != right.entries().size()) {
      return false;
    }
    for (Map.Entry<Value, Value> entry : left.entries().entrySet()) {
      Value other = right.entries().get(entry.getKey());
      if (other == null || !equal(entry.getValue(), other)) {
        return false;
      }
    }
    return true;
  }

  /** Negative, zero or positive; a failure where the types have no order. */
  int compare(Value left, Value right) {
    budget.spend(1);
    if (Arithmetic.isNumber(left) && Arithmetic.isNumber(right)) {
      return Arithmetic.compare(left, right);
    }
    if (left instanceof Value.Text a && right instanceof Value.Text b) {
      budget.spend(Math.min(a.value().length(), b.value().length()));
      return compareCodePoints(a.value(), b.value());
    }
    if (left instanceof Value.Sequence a
        && right instanceof Value.Sequence b
        && a.kind() == b.kind()
        && a.kind().indexed()) {
      for (int i = 0; i < Math.min(a.items().size(), b.items().size()); i++) {
        if (!equal(a.items().get(i), b.items().get(i))) {
          return compare(a.items().get(i), b.items().get(i));
        }
      }
      return Integer.compare(a.items().size(), b.items().size());
    }
    if (left instanceof Value.Undefined undefined) {
      throw undefined.error();
    }
    if (right instanceof Value.Undefined undefined) {
      throw undefined.error();
    }
    throw TemplateException.failed(
        "'<' not supported between instances of '%s' and '%s'"
            .formatted(PythonText.typeName(left), PythonText.typeName(right)));
  }

  /** Java orders texts by their UTF-16 units, which puts some characters elsewhere. */
  private static int compareCodePoints(String left, String right) {
    int at = 0;
    while (at < left.length() && at < right.length()) {
      int a = left.codePointAt(at);
      int b = right.codePointAt(at);
      if (a != b) {
        return Integer.compare(a, b);
      }
      at += Character.charCount(a);
    }
    return Integer.compare(left.length(), right.length());
  }

  boolean contains(Value container, Value element) {
    return switch (container) {
      case Value.Text text -> {
        if (element instanceof Value.Text part) {
          budget.spend(text.value().length());
          yield text.value().contains(part.value());
        }
        throw TemplateException.failed(
            "'in <string>' requires string as left operand, not " + PythonText.typeName(element));
      }
      case Value.Dict dict -> dict.entries().containsKey(Value.Dict.key(element));
      default -> {
        Iterator<Value> items = Iteration.over(container, "argument of type '%s' is not iterable");
        while (items.hasNext()) {
          if (equal(items.next(), element)) {
            yield true;
          }
        }
        yield false;
      }
    };
  }
}
