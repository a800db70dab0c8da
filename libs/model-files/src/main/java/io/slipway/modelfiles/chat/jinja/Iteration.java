package io.slipway.modelfiles.chat.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/** What a loop, a filter or {@code in} goes through. */
final class Iteration {

  private Iteration() {}

  static Iterator<Value> over(Value value) {
    return over(value, "'%s' object is not iterable");
  }

  /**
   * @param complaint about a value that has no elements, with a place for its type
   */
  static Iterator<Value> over(Value value, String complaint) {
    return switch (value) {
      case Value.Sequence sequence -> sequence.items().iterator();
      case Value.Dict dict -> dict.entries().keySet().iterator();
      case Value.Text text ->
          text.value().codePoints().mapToObj(c -> Value.of(Character.toString(c))).iterator();
      case Value.Generator generator -> generator.elements();
      case Value.Undefined undefined -> Collections.emptyIterator();
      default -> throw TemplateException.failed(complaint.formatted(PythonText.typeName(value)));
    };
  }

  static boolean isPossible(Value value) {
    return switch (value) {
      case Value.Sequence sequence -> true;
      case Value.Dict dict -> true;
      case Value.Text text -> true;
      case Value.Generator generator -> true;
      case Value.Undefined undefined -> true;
      case Loop loop -> true;
      default -> false;
    };
  }

  static List<Value> all(Value value, Budget budget) {
    if (value instanceof Value.Sequence sequence) {
      budget.spend(sequence.items().size());
      return sequence.items();
    }
    List<Value> items = new ArrayList<>();
    over(value)
        .forEachRemaining(
            item -> {
              budget.spend(1);
              items.add(item);
            });
    return items;
  }

  /** Python's {@code len}. */
  static int length(Value value) {
    return switch (value) {
      case Value.Text text -> Characters.length(text.value());
      case Value.Sequence sequence -> sequence.items().size();
      case Value.Dict dict -> dict.entries().size();
      case Value.Undefined undefined -> 0;
      case Loop loop -> loop.length();
      default ->
          throw TemplateException.failed(
              "object of type '%s' has no len()".formatted(PythonText.typeName(value)));
    };
  }
}
